"""Clips cut from recordings of tensor sets: one scan area a clip, off by up to 8% in place and size, at times mirrored."""

from pathlib import Path

import numpy as np
import torch
from clips import pick_frames
from dataset import Recording, load_set
from network import SIDE
from places import true_maps
from sketch import Strip
from torch.nn import functional


class TensorClips:
    """Clip n comes from recording n modulo the set's size."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.recordings, self.seed = load_set(str(folder)), seed

    @torch.no_grad()
    def strip(self, number: int) -> Strip:
        rng = np.random.default_rng(self.seed * 1_000_003 + number)
        recording = self.recordings[number % len(self.recordings)]
        frames = pick_frames(rng, recording.times_ms)
        theta = torch.from_numpy(area_of(rng)).expand(len(frames), 2, 3)
        images = torch.from_numpy(np.array(recording.images[frames])).unsqueeze(1).float()
        grid = functional.affine_grid(theta, list(images.shape), align_corners=False)
        images = functional.grid_sample(images, grid, align_corners=False).view(-1, SIDE, SIDE)
        return Strip(
            images.add_(0.5).clamp_(0, 255).to(torch.uint8).numpy(),
            maps_of(recording, frames, theta.numpy()),
            recording.times_ms[frames],
            recording.landmarks[frames],
            recording.veins[frames],
            np.zeros(len(frames)),
        )


def area_of(rng: np.random.Generator) -> np.ndarray:
    """[2, 3] from new to old coordinates, -1..1."""
    turn = rng.normal(0, 0.03)
    wide, tall = rng.uniform(0.92, 1.08, 2)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    return np.array(
        [
            [mirror * wide * np.cos(turn), -np.sin(turn), rng.uniform(-0.1, 0.1)],
            [mirror * np.sin(turn), tall * np.cos(turn), rng.uniform(-0.1, 0.1)],
        ],
        np.float32,
    )


def maps_of(recording: Recording, frames: np.ndarray, theta: np.ndarray) -> np.ndarray | None:
    if len(recording.vessels) == 0:
        return None
    maps = true_maps(recording.vessels[frames], theta)
    return (maps * 255).to(torch.uint8).numpy()
