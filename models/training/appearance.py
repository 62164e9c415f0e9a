"""Banks of what other machines put over a picture: shading, marks, clouds, and bent space. Drawn once, picked from by index."""

import numpy as np
import torch
from network import SIDE
from torch import Tensor
from torch.nn import functional

BANK = 256


def shade_of(rng: np.random.Generator) -> np.ndarray:
    """[128, 128] factors: vignette, uneven depth gain, a shadow of poor contact."""
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j].astype(np.float32)
    shade = np.ones((SIDE, SIDE), np.float32)
    if rng.random() < 0.4:
        return shade
    if rng.random() < 0.7:
        shade *= np.exp(rng.normal(0, 0.25) * y + rng.normal(0, 0.2) * y * y + rng.normal(0, 0.12) * x)
    if rng.random() < 0.4:
        shade *= 1 - rng.uniform(0.1, 0.5) * np.clip(x * x + y * y - 0.5, 0, 1)
    if rng.random() < 0.25:
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


def clouds_of(rng: np.random.Generator) -> np.ndarray:
    """[128, 128] 0..1: soft bright and dark patches of any size, as in chambers, fluid and air; at times nearly black."""
    spectrum = np.fft.rfft2(rng.normal(size=(SIDE, SIDE)))
    y, x = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    spectrum *= 1 / (0.01 + np.hypot(y, x)) ** rng.uniform(1.2, 2.5)
    field = np.fft.irfft2(spectrum, s=(SIDE, SIDE))
    field = (field - field.mean()) / field.std()
    return ((rng.uniform(5, 90) + rng.uniform(5, 60) * field).clip(0, 255) / 255).astype(np.float32)


def bend_of(rng: np.random.Generator, cells: int = 5) -> np.ndarray:
    """[2, cells, cells] shifts in the picture's -1..1, to be made smooth: other bodies and other probes."""
    strength = rng.uniform(0, 0.06) if rng.random() < 0.6 else 0.0
    return (strength * rng.normal(size=(2, cells, cells))).astype(np.float32)


class Banks:
    """BANK of each, on the device."""

    def __init__(self, rng: np.random.Generator, device: torch.device) -> None:
        stack = lambda of: torch.from_numpy(np.stack([of(rng) for _ in range(BANK)])).to(device)  # noqa: E731
        self.shades, self.overlays, self.clouds = stack(shade_of), stack(overlay_of), stack(clouds_of)
        bends = stack(bend_of)
        self.bends = smooth(bends, SIDE)
        self.coarse_bends = smooth(bends, 16)


def smooth(bends: Tensor, side: int) -> Tensor:
    """[N, 2, c, c] to [N, side, side, 2]."""
    fine = functional.interpolate(bends, size=(side, side), mode="bicubic", align_corners=True)
    return fine.permute(0, 2, 3, 1).contiguous()
