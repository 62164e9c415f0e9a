"""
Real pictures of the groin, animated: a labelled open vein is pressed shut by a smooth displacement, with drift, gain
flicker and decorrelating speckle. A set of stills is a folder of pictures with labels.csv (id, group, artery and vein with
centre and half-axes in tenths of the picture), such as the one made from Huang et al., Ann Transl Med 2019. Pictures of
one patient share a group; a group is in one part only.
"""

import csv
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
import torch
from motion import KINDS, Motion, motion_of
from network import LANDMARKS, SIDE, VEINS
from picture import state_of
from places import CHANNELS, FINE, MAP, ROLES
from press import Give, Vessel, seen_vessel, to_rest
from sketch import NO_LANDMARK, NO_VEIN, Strip, pick
from torch import Tensor
from torch.nn import functional

WIDTH = 40.0
"""Millimetres that a picture is taken to show; only ratios matter."""
UNFIT = ("leave-plane",)
"""What a single picture cannot show."""


class Part(Enum):
    TRAIN = (0, 1, 2)
    VALIDATION = (3,)
    TEST = (4,)


def part_of(group: int) -> Part:
    """Groups in a fixed order that has nothing to do with how alike neighbours are."""
    fifth = (group * 7919 + 13) % 101 % 5
    return next(part for part in Part if fifth in part.value)


@dataclass
class Still:
    """A picture [h, w] 0..1 and its vessels at rest, millimetres from its top middle."""

    id: str
    picture: Tensor
    depth: float
    vessels: list[Vessel]
    vein: str
    """open, flattened or not_visible."""


def load(path: Path, row: dict[str, str]) -> Still:
    from PIL import Image

    with Image.open(path) as image:
        grey = image.convert("L")
        depth = WIDTH * grey.height / grey.width
        small = grey.resize((288, 240), Image.Resampling.BOX if grey.width > 288 else Image.Resampling.BILINEAR)
    vessels = []
    for role, letter in (("artery", "a"), ("vein", "v")):
        if not row[f"{letter}x"]:
            continue
        x, y, rx, ry = (float(row[letter + name]) / 10 for name in ("x", "y", "rx", "ry"))
        vessels.append(Vessel(role, (x - 0.5) * WIDTH, y * depth, rx * WIDTH, ry * depth))
    return Still(row["id"], torch.from_numpy(np.asarray(small, np.float32) / 255), depth, vessels, row["vein"])


class Stills:
    """The labelled pictures of one part."""

    def __init__(self, folder: Path, part: Part) -> None:
        with open(folder / "labels.csv", newline="") as file:
            rows = [row for row in csv.DictReader(file) if part_of(int(row["group"])) is part]
        self.stills = [load(folder / f"{row['id']}.jpg", row) for row in rows]
        self.by_vein = {name: [s for s in self.stills if s.vein == name] for name in ("open", "flattened", "not_visible")}

    def recording(self, rng: np.random.Generator) -> "Animation":
        """
        Mostly open veins, two of five of them set into a picture that showed none (implant.py); every third picture shows
        none, so that real texture alone is no reason to see one.
        """
        from implant import implanted, scarred

        name = str(rng.choice(["open", "implanted", "not_visible", "flattened"], p=[0.4, 0.27, 0.28, 0.05]))
        group = self.by_vein["not_visible" if name == "implanted" else name] or self.stills
        still = group[rng.integers(len(group))]
        if name == "implanted":
            still = implanted(rng, still, self.by_vein["open"]) or still
        elif still.vein == "not_visible" and rng.random() < 0.3:
            still = scarred(rng, still)
        return Animation(still, rng)


class Animation:
    """One recording made of a still."""

    def __init__(self, still: Still, rng: np.random.Generator, kind: str | None = None, hz: float | None = None) -> None:
        self.still, self.rng = still, rng
        u = rng.uniform
        self.kind = kind or pick(rng, tuple(k for k in KINDS if k[0] not in UNFIT))
        if still.vein != "open":
            self.kind = "look-only" if still.vein == "flattened" else self.kind
        self.vessels = [Vessel(**vars(v)) for v in still.vessels]
        self.vein = next((v for v in self.vessels if v.role == "vein"), None)
        if self.vein is not None:
            self.vein.stiffness = u(0.85, 1.1)
            self.vein.keeps_open = u(0.3, 0.95) if self.kind == "thrombus" else 0.0
        self.motion: Motion = motion_of(self.kind, rng, WIDTH, hz or u(13, 54))
        if self.kind == "slide-off" and self.vein is not None:
            # A picture ends where it ends: the vein leaves by the nearer side.
            self.motion.slide = np.abs(self.motion.slide) * np.sign(self.vein.x or 1.0) * -1
        self.give = Give(u(0.06, 0.22) * still.depth, u(0.4, 1.0) * still.depth, u(-0.2, 0.2), WIDTH / 2)
        self.sinking = u(0, 0.4)
        zoom = u(0.72, 1.04)
        slack = max(0.0, 1 - zoom)
        self.left = -WIDTH / 2 + slack * WIDTH * u(0, 1)
        self.wide, self.tall = WIDTH * zoom, still.depth * u(max(0.72, zoom - 0.15), 1.04)
        if self.vein is not None:
            low, high = self.vein.x - self.wide + self.vein.a / 2, self.vein.x - self.vein.a / 2
            self.left = float(np.clip(self.left, low, high))
            self.tall = max(self.tall, min(still.depth * 1.04, self.vein.z + 1.2 * self.vein.b))
        self.mirror = rng.random() < 0.5
        self.flicker, self.grain, self.fade = u(0, 0.06), u(0, 0.3), u(0.3, 0.95)
        self.gamma = float(np.exp(rng.normal(0, 0.2)))

    def __len__(self) -> int:
        return len(self.motion.times_ms)

    def points(self, side: int) -> tuple[Tensor, Tensor]:
        at = (torch.arange(side, dtype=torch.float32) + 0.5) / side
        x = self.left + (at.flip(0) if self.mirror else at) * self.wide
        return x.view(1, 1, -1).expand(1, side, side), (at * self.tall).view(1, -1, 1).expand(1, side, side)

    @torch.no_grad()
    def strip(self, frames: np.ndarray) -> Strip:
        motion, still = self.motion, self.still
        take = lambda values: torch.from_numpy(np.ascontiguousarray(values[frames])).float()  # noqa: E731
        pressure, slide = take(motion.pressure), take(motion.slide)
        swell = torch.ones(len(frames))
        seen = [
            (v, seen_vessel(v, self.give, pressure, swell, self.sinking if v.role == "vein" else 0.0)) for v in self.vessels
        ]
        x, z = self.points(SIDE)
        x = x + slide.view(-1, 1, 1)
        x_rest, z_rest = to_rest(x, z.expand(len(frames), -1, -1), seen, self.give, pressure)
        grid = torch.stack([x_rest / (WIDTH / 2), 2 * z_rest / still.depth - 1], -1)
        source = still.picture.view(1, 1, *still.picture.shape).expand(len(frames), -1, -1, -1)
        grey = functional.grid_sample(source, grid, padding_mode="reflection", align_corners=False)[:, 0]
        grey = self.age(grey, motion.times_ms[frames])
        air = (1 - take(motion.contact)).view(-1, 1, 1)
        bars = torch.exp(-z * 0.25) * (0.5 + 0.5 * torch.cos(z * 1.7)) * 0.7
        grey = (grey.clamp(1e-4, 1) ** self.gamma) * (1 - air) + bars * air
        images = (grey * 255 + 0.5).clamp(0, 255).to(torch.uint8).numpy()
        return Strip(images, self.maps(seen, slide), motion.times_ms[frames], *self.labels(seen, frames))

    def age(self, grey: Tensor, times_ms: np.ndarray) -> Tensor:
        """Gain that flickers, speckle that is not the same from image to image."""
        steps = len(grey)
        gain = torch.from_numpy(1 + self.flicker * self.rng.normal(size=steps)).float().view(-1, 1, 1)
        fresh = torch.from_numpy(self.rng.normal(size=(steps, 1, SIDE, SIDE)).astype(np.float32))
        fresh = functional.avg_pool2d(fresh, 3, 1, 1)[:, 0] * 2.5
        kept = [fresh[0]]
        for i in range(1, steps):
            stay = self.fade ** max(0.2, (times_ms[i] - times_ms[i - 1]) / 40)
            kept.append(stay * kept[-1] + (1 - stay**2) ** 0.5 * fresh[i])
        return grey * gain * torch.exp(self.grain * torch.stack(kept))

    def labels(self, seen: list, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        count = len(frames)
        landmarks, veins, shares = np.full(count, NO_LANDMARK), np.full(count, NO_VEIN), np.zeros(count)
        margins = np.full(count, np.inf)
        slide, contact = self.motion.slide[frames], self.motion.contact[frames]
        for v, now in seen:
            if v.role != "vein":
                continue
            across = v.x - slide - self.left
            margins = np.minimum(np.minimum(across, self.wide - across) / v.a, (self.tall - now.z.numpy()) / v.b) - 1 / 3
            inside = (margins >= 0) & (contact >= 0.6)
            landmarks[inside] = LANDMARKS.index("sfj")
            shares[inside] = now.share.numpy()[inside]
            veins[inside] = state_of(now.share.numpy())[inside]
            if self.still.vein == "flattened":
                veins[inside] = -1
        return landmarks, veins, shares, margins

    def maps(self, seen: list, slide: Tensor) -> np.ndarray:
        x, z = self.points(MAP * FINE)
        x = x + slide.view(-1, 1, 1)
        covered = torch.zeros(len(slide), CHANNELS, MAP * FINE, MAP * FINE)
        for v, now in seen:
            across, down = x - now.x.view(-1, 1, 1), z - now.z.view(-1, 1, 1)
            a, b = now.a.view(-1, 1, 1), now.b.view(-1, 1, 1).clamp(min=0.05)
            covered[:, ROLES.index(v.role)] = ((across / a) ** 2 + (down / b) ** 2 <= 1).float()
            if v.role == "vein":
                covered[:, CHANNELS - 1] = ((across / v.a) ** 2 + (down / v.b) ** 2 <= 1).float()
        return (functional.avg_pool2d(covered, FINE) * 255).to(torch.uint8).numpy()


assert VEINS[:3] == ("open", "closing", "closed"), "state_of gives places in VEINS"
