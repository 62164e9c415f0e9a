"""
Other machines, other hands: changes that stay the same along a clip, plus noise and flicker. Geometry beyond mirroring and
a small shift is drawn into the clips already (clips.py), because sampling a picture anew costs as much as training on it.
"""

import numpy as np
import torch
from network import SIDE
from stranger import SHARE, Stranger
from torch import Tensor
from torch.nn import functional

SHIFT = 5
"""Pixels, each way."""


def shade_of(rng: np.random.Generator) -> np.ndarray:
    """[128, 128] factors: vignette, uneven depth gain, a shadow of poor contact."""
    y, x = np.mgrid[-1:1:SIDE * 1j, -1:1:SIDE * 1j].astype(np.float32)
    shade = np.ones((SIDE, SIDE), np.float32)
    if rng.random() < 0.5:
        shade *= np.exp(rng.normal(0, 0.25) * y + rng.normal(0, 0.2) * y * y + rng.normal(0, 0.12) * x)
    if rng.random() < 0.3:
        shade *= 1 - rng.uniform(0.1, 0.5) * np.clip(x * x + y * y - 0.5, 0, 1)
    if rng.random() < 0.15:
        middle, width = rng.uniform(-1, 1), rng.uniform(0.05, 0.25)
        shade *= 1 - rng.uniform(0.2, 0.7) * np.exp(-(((x - middle) / width) ** 2))
    return shade


def overlay_of(rng: np.random.Generator) -> np.ndarray:
    """[128, 128] marks of the machine, brighter than what lies under them; 0: none."""
    overlay = np.zeros((SIDE, SIDE), np.float32)
    if rng.random() < 0.5:
        return overlay
    bright = rng.uniform(0.4, 1.0)
    for _ in range(rng.integers(0, 4)):
        top, left, size = rng.integers(0, SIDE - 3), rng.integers(0, SIDE - 3), rng.integers(1, 4)
        overlay[top : top + size, left : left + size] = bright
    if rng.random() < 0.5:
        column = rng.integers(0, 4) if rng.random() < 0.5 else SIDE - 1 - rng.integers(0, 4)
        overlay[rng.integers(0, 8) :: rng.integers(6, 20), column] = bright
    for _ in range(rng.integers(0, 3)):
        height, width = int(rng.integers(2, 5)), int(rng.integers(6, 30))
        top = int(rng.choice([rng.integers(0, 20), rng.integers(100, 120)]))
        left = int(rng.integers(0, SIDE - width))
        overlay[top : top + height, left : left + width] = bright * (rng.random((height, width)) < 0.5)
    return overlay


def shifted(values: np.ndarray, down: int, right: int) -> np.ndarray:
    """[..., H, W] moved, black where nothing was."""
    moved = np.zeros_like(values)
    height, width = values.shape[-2:]
    moved[..., max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = values[
        ..., max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
    ]
    return moved


class Augmenter:
    """Works on whole clips."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.levels = np.arange(256, dtype=np.float32) / 255
        self.noise = torch.randn((4 * SIDE, 4 * SIDE), generator=torch.Generator().manual_seed(int(rng.integers(1 << 31))))

    def __call__(self, images: np.ndarray, maps: np.ndarray) -> tuple[Tensor, np.ndarray, np.ndarray]:
        """uint8 [B, T, 128, 128] and maps [B, T, C, 16, 16] to float 0..1, maps, and which clips are strangers [B]."""
        strange = np.zeros(len(images), bool)
        pictures = torch.empty(images.shape)
        maps = maps.copy()
        for clip in range(len(images)):
            if self.rng.random() < SHARE:
                strange[clip] = True
                stranger = Stranger(self.rng)
                for step in range(images.shape[1]):
                    images[clip, step] = stranger(images[clip, step].copy())
                maps[clip] = 0
            pictures[clip] = self.change(images[clip], maps[clip])
        return pictures, maps, strange

    def change(self, images: np.ndarray, maps: np.ndarray) -> Tensor:
        rng = self.rng
        if rng.random() < 0.5:
            images = images[..., ::-1]
            maps[:] = maps[..., ::-1].copy()
        down, right = rng.integers(-SHIFT, SHIFT + 1, 2)
        images = shifted(images, int(down), int(right))
        gain, offset, gamma = np.exp(rng.normal(0, 0.2)), rng.normal(0, 0.02), np.exp(rng.normal(0, 0.2))
        flicker = rng.uniform(0, 0.05) if rng.random() < 0.4 else 0.0
        gains = gain * (1 + flicker * rng.normal(size=(len(images), 1)))
        table = (gains * self.levels**gamma + offset).astype(np.float32)
        if rng.random() < 0.15:
            # The limited range of video, not stretched by the receiver.
            table = 16 / 255 + table * 219 / 255
        x = torch.from_numpy(np.stack([row[image] for row, image in zip(table, images, strict=True)]))
        if rng.random() < 0.3:
            x += rng.uniform(0, 1) * (functional.avg_pool2d(x.unsqueeze(1), 3, 1, 1, count_include_pad=False)[:, 0] - x)
        if rng.random() < 0.6:
            x *= torch.from_numpy(shade_of(rng))
        if rng.random() < 0.5:
            strength = rng.uniform(0, 0.04)
            for image in x:
                top, left = rng.integers(0, 3 * SIDE, 2)
                image += strength * self.noise[top : top + SIDE, left : left + SIDE]
        return torch.maximum(x, torch.from_numpy(overlay_of(rng))).clamp_(0, 1)
