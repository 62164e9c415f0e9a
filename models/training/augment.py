"""Other machines, other hands: changes of the picture that stay the same along a clip, plus noise and flicker."""

from dataclasses import dataclass

import numpy as np
import torch
from network import SIDE
from stranger import SHARE, Stranger
from torch import Tensor
from torch.nn import functional


@dataclass
class Appearance:
    """How one clip looks."""

    theta: np.ndarray
    """[2, 3] scan area off by up to 8% in place and size, at times mirrored or slightly turned."""
    gain: float
    offset: float
    gamma: float
    blur: float
    noise: float
    flicker: float
    shade: np.ndarray
    """[128, 128] factors: vignette, uneven depth gain, a shadow of poor contact."""
    overlay: np.ndarray
    """[128, 128] static marks of the machine (0: none), brighter than what lies under them."""
    stranger: Stranger | None
    """Turns the clip into pictures that are no groin."""


def shade_of(rng: np.random.Generator) -> np.ndarray:
    y, x = np.mgrid[-1:1:SIDE * 1j, -1:1:SIDE * 1j].astype(np.float32)
    shade = np.ones((SIDE, SIDE), np.float32)
    if rng.random() < 0.5:
        shade *= np.exp(rng.normal(0, 0.25) * y + rng.normal(0, 0.2) * y * y + rng.normal(0, 0.12) * x)
    if rng.random() < 0.4:
        shade *= 1 - rng.uniform(0.1, 0.5) * np.clip(x * x + y * y - 0.5, 0, 1)
    if rng.random() < 0.15:
        middle, width = rng.uniform(-1, 1), rng.uniform(0.05, 0.25)
        shade *= 1 - rng.uniform(0.2, 0.7) * np.exp(-(((x - middle) / width) ** 2))
    return shade


def overlay_of(rng: np.random.Generator) -> np.ndarray:
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


def appearance_of(rng: np.random.Generator) -> Appearance:
    turn = rng.normal(0, 0.03)
    scale_x, scale_y = rng.uniform(0.92, 1.08, 2)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    theta = np.array(
        [
            [mirror * scale_x * np.cos(turn), -np.sin(turn), rng.uniform(-0.16, 0.16)],
            [mirror * np.sin(turn), scale_y * np.cos(turn), rng.uniform(-0.16, 0.16)],
        ],
        np.float32,
    )
    return Appearance(
        theta=theta,
        gain=float(np.exp(rng.normal(0, 0.2))),
        offset=float(rng.normal(0, 0.02)),
        gamma=float(np.exp(rng.normal(0, 0.2))),
        blur=float(rng.uniform(0, 1)) if rng.random() < 0.35 else 0.0,
        noise=float(rng.uniform(0, 0.04)) if rng.random() < 0.6 else 0.0,
        flicker=float(rng.uniform(0, 0.05)) if rng.random() < 0.4 else 0.0,
        shade=shade_of(rng),
        overlay=overlay_of(rng),
        stranger=Stranger(rng) if rng.random() < SHARE else None,
    )


def column(values: list[float]) -> Tensor:
    """One number an image, to be multiplied with images."""
    return torch.tensor(np.array(values, np.float32)).view(-1, 1, 1, 1)


class Augmenter:
    """Holds the appearance of each clip in view."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.noise = torch.Generator().manual_seed(seed)
        self.known: dict[int, Appearance] = {}

    def __call__(self, images: np.ndarray, clips: np.ndarray) -> tuple[Tensor, np.ndarray, np.ndarray]:
        """
        uint8 [T, B, H, W] and clip numbers [T, B] to float 0..1 of the same shape, which images are strangers [T * B], and
        the maps from new to old coordinates [T * B, 2, 3].
        """
        shape = images.shape
        numbers = clips.reshape(-1)
        self.known = {n: self.known.get(n) or appearance_of(self.rng) for n in sorted(set(numbers.tolist()))}
        looks = [self.known[n] for n in numbers]
        strange = np.array([look.stranger is not None for look in looks])
        pictures = images.reshape(-1, SIDE, SIDE)
        for i in np.flatnonzero(strange):
            pictures[i] = looks[i].stranger(pictures[i].copy())
        x = torch.from_numpy(pictures).unsqueeze(1).float().div_(255)
        theta = np.stack([look.theta for look in looks])
        grid = functional.affine_grid(torch.from_numpy(theta), list(x.shape), align_corners=False)
        x = functional.grid_sample(x, grid, align_corners=False)
        blur = column([look.blur for look in looks])
        x = x + blur * (functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False) - x)
        flicker = 1 + column([look.flicker * self.rng.normal() for look in looks])
        shade = torch.from_numpy(np.stack([look.shade for look in looks])).unsqueeze(1)
        x = x.clamp_(min=1e-4).pow(column([look.gamma for look in looks]))
        x = x * (shade * (flicker * column([look.gain for look in looks]))) + column([look.offset for look in looks])
        x += torch.randn(x.shape, generator=self.noise) * column([look.noise for look in looks])
        overlay = torch.from_numpy(np.stack([look.overlay for look in looks])).unsqueeze(1)
        return torch.maximum(x, overlay).clamp_(0, 1).view(shape), strange, theta
