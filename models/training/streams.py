"""
Streams: rows of a batch that each play a sequence from batch to batch, so that the network's memory is trained over whole
recordings, as the box carries it, though gradients reach back over one batch only.
"""

from dataclasses import dataclass

import numpy as np
import torch
from augment import Augmenter
from network import LANDMARKS, VEINS
from sequences import Sequences
from torch import Tensor

LEFT = 0.1
"""How likely a sequence is left early at the end of a batch."""
FORGOTTEN = 0.6
"""How likely the memory is cleared where a new sequence begins; else it is as when the probe is set down elsewhere."""
WIDEST_STEP = 8
"""Most images that are stepped over: recordings of slow scanners and of missed images."""


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
    """Seconds since the image before."""
    starts: Tensor
    """1 where the memory is cleared before the image."""
    landmarks: Tensor
    veins: Tensor
    """-1 where unknown."""


class Streams:
    """@param rows streams side by side; @param steps images of each a batch"""

    def __init__(self, sequences: Sequences, rows: int, steps: int, seed: int) -> None:
        self.sequences, self.rows, self.steps = sequences, rows, steps
        self.rng = np.random.default_rng(seed)
        self.device = sequences.images.device
        self.augment = Augmenter(self.rng, rows, self.device, seed)
        self.sequence = np.zeros(rows, np.int64)
        self.place, self.step, self.pace = np.zeros(rows, np.int64), np.ones(rows, np.int64), np.ones(rows)
        self.last_ms = np.zeros(rows)
        self.over = np.ones(rows, bool)

    def begin(self, rows: np.ndarray) -> None:
        """New sequences for some rows: half of them image by image, half at longer strides, from anywhere that leaves a batch."""
        rng, s = self.rng, self.sequences
        count = len(rows)
        chosen = rng.choice(len(s.first), count, p=s.share)
        length = s.length[chosen]
        widest = np.clip(length // self.steps, 1, WIDEST_STEP)
        step = np.where(rng.random(count) < 0.5, 1, np.floor(widest ** rng.random(count) + 0.5).astype(np.int64))
        room = np.maximum(length - step * (self.steps - 1), 1)
        from_the_start = rng.random(count) < 0.5
        place = np.floor(rng.random(count) * np.where(from_the_start, np.minimum(step, room), room)).astype(np.int64)
        self.sequence[rows], self.step[rows], self.place[rows] = chosen, step, place
        self.pace[rows] = np.exp(rng.uniform(-0.25, 0.25, count))
        self.last_ms[rows] = np.nan

    def next(self) -> Batch:
        s, rng = self.sequences, self.rng
        new = np.flatnonzero(self.over)
        self.begin(new)
        self.augment.begin(new)
        at = self.place + self.step * np.arange(self.steps)[:, None]
        index = s.first[self.sequence] + np.minimum(at, s.length[self.sequence] - 1)
        times = s.times_ms[index]
        before = np.concatenate([self.last_ms[None], times[:-1]])
        intervals = np.nan_to_num((times - before) / 1000) * self.pace
        starts = np.zeros_like(intervals)
        forgotten = rng.random(len(new)) < FORGOTTEN
        starts[0, new[forgotten]] = 1
        intervals[0, new[~forgotten]] = rng.uniform(0.02, 0.3, int((~forgotten).sum()))
        self.last_ms = times[-1]
        self.place = at[-1] + self.step
        self.over = (self.place + self.step * (self.steps - 1) >= s.length[self.sequence]) | (rng.random(self.rows) < LEFT)
        return self.batch(index, intervals, starts)

    def batch(self, index: np.ndarray, intervals: np.ndarray, starts: np.ndarray) -> Batch:
        s = self.sequences
        flat = torch.from_numpy(index.reshape(-1)).to(self.device)
        images, maps = self.augment(s.images[flat], s.maps[flat], self.steps)
        strange = self.augment.strange.repeat(self.steps)
        # A stranger has no vessels, whatever was known of the picture it was made of.
        mapped = torch.where(strange, torch.ones_like(s.mapped[flat]), s.mapped[flat])
        landmarks = s.landmarks[flat].masked_fill(strange, LANDMARKS.index("none"))
        veins = s.veins[flat].masked_fill(strange, VEINS.index("none"))
        shape = index.shape
        to = lambda values: torch.from_numpy(values.astype(np.float32)).to(self.device)  # noqa: E731
        return Batch(
            images=images.view(*shape, *images.shape[1:]),
            maps=maps,
            mapped=mapped,
            intervals=to(intervals),
            starts=to(starts),
            landmarks=landmarks.view(shape),
            veins=veins.view(shape),
        )
