"""
The sketched world: recordings of one pass, drawn from a seed. 128 x 128 pictures, labels, and coarse maps of the vessels.
"""

from dataclasses import dataclass

import numpy as np
import torch
from body import CONTENTS, EMPTY, draw_body
from motion import KINDS, Motion, motion_of
from network import LANDMARKS, SIDE, VEINS
from picture import Machine, Scan, state_of
from places import CHANNELS, FINE, MAP, ROLES
from torch import Tensor
from torch.nn import functional

NO_LANDMARK, NO_VEIN = LANDMARKS.index("none"), VEINS.index("none")


@dataclass
class Strip:
    """Some images of a recording, in order. uint8 [T, 128, 128], maps uint8 [T, CHANNELS, 16, 16] (255: all vessel)."""

    images: np.ndarray
    maps: np.ndarray | None
    """None where nobody knows."""
    times_ms: np.ndarray
    landmarks: np.ndarray
    veins: np.ndarray
    """-1 where nobody knows."""
    shares: np.ndarray
    """Area of the vein over its area at rest."""
    margins: np.ndarray
    """How far inside the picture's border the vein lies, in its half-axes: from 0 on it counts as in view. Infinite without a vein."""


LEAST_CONTRAST = 0.2
LEAST_CELLS = 0.6


def visible(strip: Strip) -> bool:
    """
    Whether someone could see the vessels that the labels speak of: darker than what surrounds them by a fifth (real
    lumens have 0.25 to 0.83 less, 5th to 95th percentile), and not tiny. What cannot be seen cannot be learned, only guessed.
    """
    shown = strip.landmarks != NO_LANDMARK
    if not shown.any():
        return True
    covered = strip.maps[shown][:, :3].max(1).astype(np.float32) / 255
    cells = strip.images[shown].reshape(-1, MAP, SIDE // MAP, MAP, SIDE // MAP).mean((2, 4))
    touched = np.pad(covered > 0, ((0, 0), (1, 1), (1, 1)))
    near = np.zeros(covered.shape, bool)
    for down in range(3):
        for right in range(3):
            near |= touched[:, down : down + MAP, right : right + MAP]
    ring = near & (covered == 0)
    inside = (cells * covered).sum((1, 2)) / np.maximum(covered.sum((1, 2)), 1e-3)
    outside = (cells * ring).sum((1, 2)) / np.maximum(ring.sum((1, 2)), 1)
    clear = (inside < (1 - LEAST_CONTRAST) * outside) & (covered.sum((1, 2)) > LEAST_CELLS)
    return bool(clear.mean() > 0.5)


def pick(rng: np.random.Generator, weighted: tuple) -> str:
    names, weights = zip(*weighted, strict=True)
    return str(rng.choice(names, p=np.array(weights) / sum(weights)))


def visible_sketch(seed: int, hz: float | None = None) -> "Sketch":
    """The first of a seed's recordings whose vessels can be seen."""
    for attempt in range(50):
        sketch = Sketch(seed + attempt * 7_368_787, hz)
        if visible(sketch.strip(np.linspace(0, len(sketch) - 1, 3).astype(int))):
            return sketch
    raise RuntimeError(f"no visible vessels in 50 attempts from seed {seed}")


class Sketch:
    """One recording."""

    def __init__(self, seed: int, hz: float | None = None) -> None:
        self.rng = rng = np.random.default_rng(seed)
        u = rng.uniform
        curved = u(0, 1) < 0.22
        depth = u(28, 75) if not curved else u(45, 100)
        width = u(34, 56) if not curved else u(40, 62)
        if not curved and u(0, 1) < 0.3:
            width = depth * u(0.7, 1.3)
        self.machine = Machine(width, depth, u(38, 70) if curved else 0.0, rng)
        self.landmark = pick(rng, CONTENTS)
        empty = str(rng.choice(EMPTY))
        self.kind = pick(rng, KINDS)
        body = draw_body(rng, self.landmark, empty, width, depth, self.kind == "thrombus")
        self.label = self.kind if self.landmark != "none" else f"no-{empty}"
        # An operator keeps vein and artery in the picture; not always in its middle.
        pair = [v for v in body.vessels if v.role in ("artery", "vein")] or body.vessels
        middle = np.mean([v.x for v in pair]) if pair else 0.0
        middle += rng.normal(0, 0.12) * width
        vein = next((v for v in body.vessels if v.role == "vein"), None)
        if vein is not None:
            room = max(0.0, width / 2 - vein.a * 0.6)
            middle = float(np.clip(middle, vein.x - room, vein.x + room))
        for v in body.vessels:
            v.x -= middle
        body.left -= middle
        self.body, self.vein = body, vein
        self.motion: Motion = motion_of(self.kind, rng, width, hz or u(13, 54))
        self.scan = Scan(body, self.machine, rng)

    def __len__(self) -> int:
        return len(self.motion.times_ms)

    @torch.no_grad()
    def strip(self, frames: np.ndarray) -> Strip:
        grey, seen, away = self.scan.look(self.motion, frames)
        images = (grey * 255 + 0.5).clamp(0, 255).to(torch.uint8).numpy()
        count = len(frames)
        landmarks, veins = np.full(count, NO_LANDMARK), np.full(count, NO_VEIN)
        shares, margins = np.zeros(count), np.full(count, np.inf)
        slide, contact = self.motion.slide[frames], self.motion.contact[frames]
        for v, now in seen:
            if v.role != "vein":
                continue
            across = (v.x - slide) / self.machine.width + 0.5
            touched = np.clip(contact * 1.5 - np.clip(across, 0, 1) * 0.5, 0, 1) >= 0.5
            margins = self.scan.margin(v, now.z, slide)
            there = (margins >= 0) & touched & (away.numpy() < 0.5)
            landmarks[there] = LANDMARKS.index(self.landmark)
            shares[there] = now.share.numpy()[there]
            veins[there] = state_of(now.share.numpy())[there]
        maps = self.maps(seen, slide, away, contact)
        return Strip(images, maps, self.motion.times_ms[frames], landmarks, veins, shares, margins)

    def maps(self, seen: list, slide: np.ndarray, away: Tensor, contact: np.ndarray) -> np.ndarray:
        """How much of each cell is vessel, one map a role, and the vein's place at rest."""
        left, right, top, bottom = self.scan.area
        at = (torch.arange(MAP * FINE, dtype=torch.float32) + 0.5) / (MAP * FINE)
        x = (left + at * (right - left)).view(1, 1, -1) * self.scan.mirror
        z = (top + at * (bottom - top)).view(1, -1, 1)
        covered = torch.zeros(len(slide), CHANNELS, MAP * FINE, MAP * FINE)
        moved = torch.from_numpy(slide).float().view(-1, 1, 1)
        here = ((away < 0.5) & (torch.from_numpy(contact) > 0.6)).float().view(-1, 1, 1)
        for v, now in seen:
            role = "vein" if v.role == "second-vein" else v.role
            across = x + moved - now.x.view(-1, 1, 1)
            down = z - now.z.view(-1, 1, 1) - v.slant * across
            for channel, a, b in (
                (ROLES.index(role), now.a, now.b),
                *([(CHANNELS - 1, torch.full_like(now.a, v.a), torch.full_like(now.b, v.b))] if v.role == "vein" else []),
            ):
                inside = (across / a.view(-1, 1, 1)) ** 2 + (down / b.view(-1, 1, 1).clamp(min=0.05)) ** 2 <= 1
                covered[:, channel] = torch.maximum(covered[:, channel], inside.float() * here)
        return (functional.avg_pool2d(covered, FINE) * 255).to(torch.uint8).numpy()
