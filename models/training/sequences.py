"""
What training reads, in memory: sequences of images out of stores of clips (clips.py) and sets of whole recordings
(dataset.py), on the device that trains.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from clips import SMALL
from dataset import load_part
from places import true_maps
from torch import Tensor

MAPPED_AT_ONCE = 512


@dataclass
class Sequences:
    """Sequence s is the images first[s] .. first[s] + length[s] - 1 of the tensors, in order."""

    images: Tensor
    """uint8 [N, 128, 128] luma of the scan area."""
    maps: Tensor
    """uint8 [N, CHANNELS, 16, 16] how much of a cell is vessel (places.py), 255: all of it."""
    mapped: Tensor
    """float32 [N] 1 where the maps are known, 0 elsewhere."""
    landmarks: Tensor
    """int64 [N]; veins too, -1 where the vein's state is unknown."""
    veins: Tensor
    times_ms: np.ndarray
    """float64 [N], from the sequence's own zero."""
    first: np.ndarray
    length: np.ndarray
    share: np.ndarray
    """How likely it is that the next sequence is s; sums to 1."""

    def counts(self, labels: Tensor, classes: int) -> list[int]:
        """How often each class comes among a million images as training sees them."""
        labels = labels.cpu().numpy()
        weight = np.repeat(self.share / self.length, self.length)
        known = labels >= 0
        counted = np.bincount(labels[known], weight[known], classes)
        return (counted / counted.sum() * 1e6).astype(int).tolist()


class Library:
    """
    What there is to learn from: folders of stores or of sets, each with its share. Each part is read once, when it is
    complete, so that `sequences` may be asked again while parts are still being drawn.
    """

    def __init__(self, sources: list[tuple[Path, float]], device: torch.device) -> None:
        self.sources, self.device = sources, device
        self.parts: dict[Path, Part] = {}

    def sequences(self) -> Sequences:
        """@raises SystemExit where a folder holds no complete part"""
        shares, found = [], []
        whole = sum(share for _, share in self.sources)
        for folder, share in self.sources:
            mine = [self.part(mark) for mark in sorted(folder.glob("part-*/*")) if mark.name in ("done", "index.json")]
            if not mine:
                raise SystemExit(f"{folder} holds no complete part; draw it with draw_clips.py or tensors.ts")
            lengths = np.concatenate([part.lengths for part in mine])
            # Of two recordings the longer one has more to teach.
            shares.append(share / whole * lengths / lengths.sum())
            found += mine
        lengths = np.concatenate([part.lengths for part in found])
        joined = {name: torch.cat([getattr(part, name) for part in found]) for name in TENSORS}
        return Sequences(
            **joined,
            times_ms=np.concatenate([part.times_ms for part in found]),
            first=np.cumsum(lengths) - lengths,
            length=lengths,
            share=np.concatenate(shares),
        )

    def part(self, mark: Path) -> "Part":
        if mark.parent not in self.parts:
            read = part_of_store if mark.name == "done" else part_of_set
            self.parts[mark.parent] = read(mark.parent, self.device)
        return self.parts[mark.parent]


@dataclass(frozen=True)
class Part:
    """As in Sequences."""

    images: Tensor
    maps: Tensor
    mapped: Tensor
    landmarks: Tensor
    veins: Tensor
    times_ms: np.ndarray
    lengths: np.ndarray


TENSORS = ("images", "maps", "mapped", "landmarks", "veins")


def part_of_store(folder: Path, device: torch.device) -> Part:
    read = {name: np.load(folder / f"{name}.npy") for name in ("images", "maps", *SMALL)}
    clips, steps = read["times"].shape
    flat = lambda name: torch.from_numpy(read[name].reshape(clips * steps, *read[name].shape[2:])).to(device)  # noqa: E731
    return Part(
        images=flat("images"),
        maps=flat("maps"),
        mapped=torch.from_numpy(read["mapped"].repeat(steps)).to(device, torch.float32),
        landmarks=flat("landmarks").long(),
        veins=flat("veins").long(),
        times_ms=read["times"].reshape(-1).astype(np.float64),
        lengths=np.full(clips, steps),
    )


def part_of_set(folder: Path, device: torch.device) -> Part:
    recordings = load_part(folder)
    joined = lambda name: torch.from_numpy(np.concatenate([getattr(r, name) for r in recordings])).to(device)  # noqa: E731
    counts = np.array([len(r.images) for r in recordings])
    known = [len(r.vessels) > 0 for r in recordings]
    vessels = [r.vessels if k else np.zeros((n, 5, 8), np.float32) for r, k, n in zip(recordings, known, counts, strict=True)]
    return Part(
        images=joined("images"),
        maps=maps_of(torch.from_numpy(np.concatenate(vessels)).to(device)),
        mapped=torch.from_numpy(np.repeat(known, counts)).to(device, torch.float32),
        landmarks=joined("landmarks").long(),
        veins=joined("veins").long(),
        times_ms=np.concatenate([r.times_ms for r in recordings]),
        lengths=counts,
    )


def maps_of(vessels: Tensor) -> Tensor:
    """[N, 5, 8] (places.py) to uint8 maps."""
    straight = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]], device=vessels.device)
    pieces = vessels.split(MAPPED_AT_ONCE)
    return torch.cat([(true_maps(piece, straight.expand(len(piece), 2, 3)) * 255).to(torch.uint8) for piece in pieces])
