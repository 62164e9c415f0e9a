"""Batches of clips out of several stores, in fixed shares, augmented."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from augment import Augmenter
from clips import STEPS, Store
from network import LANDMARKS, SIDE, VEINS
from places import CHANNELS, MAP
from torch import Tensor


@dataclass
class Batch:
    """[T, B] of everything."""

    images: Tensor
    """[T, B, 128, 128] float 0..1."""
    maps: Tensor
    """[T * B, CHANNELS, 16, 16] 0..1."""
    mapped: Tensor
    """[T * B] 1 where the maps are known, 0 elsewhere."""
    intervals: Tensor
    landmarks: Tensor
    veins: Tensor
    """-1 where unknown."""


class Batches:
    """
    @param shares of each store, in the order of `stores`
    @param steps images out of each clip; fewer images of more clips teach more a step, as neighbours are nearly the same
    """

    def __init__(self, stores: list[Store], shares: list[float], clips: int, steps: int, seed: int) -> None:
        self.stores, self.shares, self.clips, self.steps = stores, np.array(shares) / sum(shares), clips, steps
        self.rng = np.random.default_rng(seed)
        self.augment = Augmenter(self.rng)
        self.orders = [self.shuffled(store) for store in stores]

    def shuffled(self, store: Store) -> Iterator[int]:
        """Each clip once before any comes again."""
        while True:
            yield from self.rng.permutation(len(store))

    def pick(self) -> np.ndarray:
        """Neighbours or scattered images, in order."""
        if self.rng.random() < 0.5:
            return int(self.rng.integers(0, STEPS - self.steps + 1)) + np.arange(self.steps)
        return np.sort(self.rng.choice(STEPS, self.steps, replace=False))

    def next(self) -> Batch:
        shape = (self.clips, self.steps)
        images, maps = np.empty((*shape, SIDE, SIDE), np.uint8), np.empty((*shape, CHANNELS, MAP, MAP), np.uint8)
        landmarks, veins = np.empty((2, *shape), np.int64)
        intervals, mapped = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        for row, which in enumerate(self.rng.choice(len(self.stores), self.clips, p=self.shares)):
            store, index = self.stores[which], next(self.orders[which])
            picked = self.pick()
            mapped[row] = store.mapped[index]
            whole, covered = store.clip(index)
            images[row], maps[row] = whole[picked], covered[picked]
            landmarks[row], veins[row] = store.landmarks[index][picked], store.veins[index][picked]
            intervals[row, 1:] = np.diff(store.times[index][picked]) / 1000
        pictures, maps, strange = self.augment(images, maps)
        # A stranger has no vessels, whatever was known of the picture it was made of.
        mapped[strange] = 1
        landmarks[strange], veins[strange] = LANDMARKS.index("none"), VEINS.index("none")
        turned = torch.from_numpy(maps).transpose(0, 1).reshape(-1, CHANNELS, MAP, MAP).float().div_(255)
        return Batch(
            images=pictures.transpose(0, 1),
            maps=turned,
            mapped=torch.from_numpy(mapped.T.reshape(-1).copy()),
            intervals=torch.from_numpy(intervals.T.copy()),
            landmarks=torch.from_numpy(landmarks.T.copy()),
            veins=torch.from_numpy(veins.T.copy()),
        )
