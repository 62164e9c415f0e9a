"""
From a deformed body to what a scanner shows: scatterers under a point spread function that widens with depth, attenuation,
compression, grey map, persistence, the shape of the probe, and the scan area as a box that found it would cut it out.
"""

from dataclasses import dataclass

import numpy as np
import torch
from body import Body
from motion import Motion
from network import SIDE
from press import CLOSED, OPEN, Give, Vessel, seen_vessel, to_rest
from torch import Tensor
from torch.nn import functional

ROWS, BEAMS = 168, 136
LOOKS = 2


@dataclass
class Machine:
    """What stays the same along a recording."""

    width: float
    depth: float
    """Of the picture, millimetres; the width at the skin."""
    radius: float
    """Of a curved probe, millimetres; 0 for a linear one."""
    rng: np.random.Generator

    def __post_init__(self) -> None:
        u = self.rng.uniform
        self.axial = u(0.16, 0.5)
        self.lateral = u(0.35, 0.95)
        self.focus, self.widen = u(0.2, 0.8) * self.depth, u(0.3, 2.2)
        self.range_db = u(42, 72)
        self.gamma = float(np.exp(self.rng.normal(0, 0.2)))
        self.curve = u(-0.25, 0.35)
        self.noise_db = u(-75, -38)
        self.tgc = u(-0.35, 0.35)
        self.persistence = u(0, 0.6) if u(0, 1) < 0.6 else 0.0
        self.smooth = u(0, 1) if u(0, 1) < 0.5 else 0.0
        self.sharpen = u(0, 1.2) if u(0, 1) < 0.3 else 0.0
        self.clutter = u(0, 0.35) if u(0, 1) < 0.5 else 0.0
        self.looks = int(self.rng.integers(1, LOOKS + 1))
        self.beams = 1 + u(-0.3, 0.3) * torch.linspace(-1, 1, BEAMS) ** 2 + 0.05 * torch.from_numpy(
            self.rng.normal(size=BEAMS).astype(np.float32)
        )
        self.dead = torch.ones(BEAMS)
        if u(0, 1) < 0.08:
            at = int(self.rng.integers(0, BEAMS - 8))
            self.dead[at : at + int(self.rng.integers(2, 14))] = u(0.1, 0.6)
        self.tissue = float(np.interp(u(0, 1), [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1], [12, 18, 40, 55, 75, 101, 125])) / 255

    @property
    def half_angle(self) -> float:
        return self.width / 2 / self.radius if self.radius else 0.0

    def beam_points(self) -> tuple[Tensor, Tensor]:
        """x and z [ROWS, BEAMS] of each sample; z is below the skin's highest point."""
        r = torch.linspace(0, self.depth, ROWS).view(-1, 1)
        if not self.radius:
            return torch.linspace(-self.width / 2, self.width / 2, BEAMS).view(1, -1).expand(ROWS, BEAMS), r.expand(ROWS, BEAMS)
        angle = torch.linspace(-self.half_angle, self.half_angle, BEAMS).view(1, -1)
        return (self.radius + r) * angle.sin(), (self.radius + r) * angle.cos() - self.radius * np.cos(self.half_angle)

    def box(self) -> tuple[float, float, float, float]:
        """The picture: left, right, top, bottom in millimetres."""
        if not self.radius:
            return -self.width / 2, self.width / 2, 0.0, self.depth
        half = (self.radius + self.depth) * np.sin(self.half_angle)
        return -half, half, 0.0, self.depth + self.radius * (1 - np.cos(self.half_angle))

    def to_beams(self, x: Tensor, z: Tensor) -> Tensor:
        """Points to places in the sampled field, -1..1, for grid_sample; [..., 2]."""
        if not self.radius:
            return torch.stack([x / (self.width / 2), 2 * z / self.depth - 1], -1)
        down = z + self.radius * np.cos(self.half_angle)
        r = (x * x + down * down).sqrt() - self.radius
        return torch.stack([torch.atan2(x, down) / self.half_angle, 2 * r / self.depth - 1], -1)


def blur_matrix(size: int, sigmas: Tensor, carrier: float = 0.0) -> Tensor:
    """[size, size] rows of unit energy; row i gathers around i with its own width, in samples."""
    at = torch.arange(size, dtype=torch.float32)
    gap = at.view(1, -1) - at.view(-1, 1)
    rows = torch.exp(-0.5 * (gap / sigmas.view(-1, 1)) ** 2) * torch.cos(carrier * gap)
    # Products with numbers that are next to nothing cost some processors ten times as much.
    rows = torch.where(rows.abs() < 1e-6, 0.0, rows)
    return rows / rows.square().sum(1, keepdim=True).sqrt()


BANK = torch.randn((2 * LOOKS, 1200, 1600), generator=torch.Generator().manual_seed(1))
"""Normal numbers to cut scatterers and noise from: drawing them anew for each recording took a tenth of the time."""


def cut(rng: np.random.Generator, rows: int, columns: int) -> Tensor:
    """[2 * LOOKS, rows, columns] out of the bank."""
    top, left = rng.integers(0, BANK.shape[1] - rows + 1), rng.integers(0, BANK.shape[2] - columns + 1)
    return BANK[:, top : top + rows, left : left + columns]


class Scan:
    """One recording's body under one machine."""

    def __init__(self, body: Body, machine: Machine, rng: np.random.Generator) -> None:
        self.body, self.machine, self.rng = body, machine, rng
        self.rows, self.columns = body.echo.shape
        self.scatter = cut(rng, int(self.rows * 1.6), int(self.columns * 1.6))
        self.x, self.z = machine.beam_points()
        box = machine.box()
        u = rng.uniform
        grow = [u(-0.04, 0.05) for _ in range(4)]
        wide, tall = box[1] - box[0], box[3] - box[2]
        self.area = (
            box[0] - grow[0] * wide,
            box[1] + grow[1] * wide,
            box[2] - grow[2] * tall,
            box[3] + grow[3] * tall,
        )
        self.mirror = -1.0 if u(0, 1) < 0.5 else 1.0
        give = u(0.08, 0.3) * machine.depth
        self.give = Give(give, u(0.3, 1.0) * machine.depth, u(-0.25, 0.25), machine.width / 2)
        self.sinking = u(0, 0.5)
        self.pulse, self.breath = (u(0.8, 1.8), u(0, 0.06), u(0, 1)), (u(0.15, 0.35), u(0, 0.1), u(0, 1))
        mm_a_row, mm_a_beam = machine.depth / ROWS, machine.width / BEAMS
        self.axial = blur_matrix(ROWS, torch.full((ROWS,), max(0.6, machine.axial / mm_a_row)), u(0, 0.6))
        depths = torch.linspace(0, machine.depth, 4)
        widths = machine.lateral * (1 + machine.widen * ((depths - machine.focus).abs() / machine.depth))
        if machine.radius:
            widths = widths * (machine.radius / (machine.radius + depths)) ** u(0, 0.7)
        self.lateral = [blur_matrix(BEAMS, torch.full((BEAMS,), max(0.6, float(w) / mm_a_beam))) for w in widths]
        place = torch.linspace(0, 3, ROWS).view(-1, 1)
        self.zones = [(1 - (place - i).abs()).clamp(min=0).sqrt() for i in range(4)]
        self.gain_db: float | None = None
        self.target = float(machine.tissue)

    def swells(self, seconds: Tensor) -> tuple[Tensor, Tensor]:
        """Radius over radius at rest, of arteries and of veins."""
        hz, strength, phase = self.pulse
        beat = (seconds * hz + phase) % 1
        wave = torch.where(beat < 0.15, beat / 0.15, torch.exp(-(beat - 0.15) * 4.5))
        slow, depth, at = self.breath
        return 1 + strength * wave, 1 + depth * torch.sin(2 * np.pi * (slow * seconds + at))

    def look(self, motion: Motion, frames: np.ndarray) -> tuple[Tensor, list, Tensor]:
        """Grey pictures [T, 128, 128] 0..1, what is seen of each vessel, and how present the femoral vessels are [T]."""
        take = lambda values: torch.from_numpy(np.ascontiguousarray(values[frames])).float()  # noqa: E731
        pressure, slide, away, contact = (take(v) for v in (motion.pressure, motion.slide, motion.away, motion.contact))
        seconds = take(motion.times_ms) / 1000
        artery, vein = self.swells(seconds)
        seen = []
        for v in self.body.vessels:
            swell = artery if "artery" in v.role else torch.ones_like(vein) if v.role == "node" else vein
            seen.append((v, seen_vessel(v, self.give, pressure, swell, self.sinking if "artery" not in v.role else 0.0)))
        steps = len(frames)
        x = self.x.unsqueeze(0) + slide.view(-1, 1, 1)
        x_rest, z_rest = to_rest(x, self.z.unsqueeze(0).expand(steps, -1, -1), seen, self.give, pressure)
        grid = torch.stack(
            [
                (x_rest - self.body.left) / (self.columns * self.body.cell) * 2 - 1,
                z_rest.clamp(min=0) / (self.rows * self.body.cell) * 2 - 1,
            ],
            -1,
        )
        maps = torch.stack([self.body.echo, self.body.absorb, self.body.bare]).unsqueeze(0).expand(steps, -1, -1, -1)
        sampled = functional.grid_sample(maps, grid, padding_mode="border", align_corners=False)
        gone = away.view(-1, 1, 1)
        echo = sampled[:, 0] * (1 - gone) + sampled[:, 2] * gone
        absorb = sampled[:, 1] * (1 - gone)
        looks = self.machine.looks
        scatter = self.scatter[: 2 * looks].unsqueeze(0).expand(steps, -1, -1, -1)
        field = functional.grid_sample(scatter, grid, mode="nearest", padding_mode="reflection", align_corners=False)
        loss = -absorb.cumsum(1) * (self.machine.depth / ROWS)
        amplitude = torch.exp(echo + loss.clamp(-28, 12) * 0.115)
        field = field * amplitude.unsqueeze(1)
        field = self.axial @ field
        spread = sum(zone * (field @ matrix.T) for zone, matrix in zip(self.zones, self.lateral, strict=True))
        power = spread.view(steps, looks, 2, ROWS, BEAMS).square().sum(2).sqrt().mean(1)
        return self.show(power, seen, contact, steps, seconds), seen, away

    def show(self, power: Tensor, seen: list, contact: Tensor, steps: int, seconds: Tensor) -> Tensor:
        m = self.machine
        level = 20 * torch.log10(power + 1e-4)
        if self.gain_db is None:
            # Tissue at the middle depths gets the grey that this recording is to have.
            body = level[0, ROWS // 6 : ROWS * 3 // 4]
            self.gain_db = self.target ** (1 / m.gamma) * m.range_db - float(body.median())
        depth = torch.linspace(0, 1, ROWS).view(-1, 1)
        level = level + self.gain_db + m.tgc * m.range_db * (depth - 0.4)
        hiss = torch.stack([cut(self.rng, ROWS, BEAMS)[0] for _ in range(steps)]) * 4 + m.noise_db + m.range_db + 14 * depth
        level = torch.logaddexp(level * 0.2303, hiss * 0.2303) * 4.343
        level = level + 20 * torch.log10((m.beams * m.dead).clamp(min=0.05))
        air = (1 - (contact.view(-1, 1, 1) * 1.5 - 0.5 * torch.linspace(0, 1, BEAMS))).clamp(0, 1)
        if float(air.max()) > 0:
            bars = torch.exp(-depth * 5) * (0.6 + 0.4 * torch.cos(depth * 2 * np.pi * 9)) * m.range_db * 1.1
            level = level * (1 - air) + (bars + 0.25 * hiss) * air
        grey = (level / m.range_db).clamp(0, 1)
        grey = grey + m.clutter * torch.exp(-depth * 12) * (0.5 + 0.5 * torch.cos(depth * 90)) * 0.8
        if m.smooth:
            grey = grey + m.smooth * (functional.avg_pool2d(grey.unsqueeze(1), 3, 1, 1)[:, 0] - grey)
        if m.sharpen:
            grey = grey + m.sharpen * (grey - functional.avg_pool2d(grey.unsqueeze(1), 5, 1, 2, count_include_pad=False)[:, 0])
        grey = grey.clamp(0, 1) ** m.gamma
        grey = (grey + m.curve * grey * (1 - grey)).clamp(0, 1)
        if m.persistence:
            kept = [grey[0]]
            for i in range(1, steps):
                share = m.persistence ** (1 + float(seconds[i] - seconds[i - 1]) * 25)
                kept.append(grey[i] + share * (kept[-1] - grey[i]))
            grey = torch.stack(kept)
        return self.cut_out(grey)

    def cut_out(self, grey: Tensor) -> Tensor:
        left, right, top, bottom = self.area
        at = (torch.arange(SIDE, dtype=torch.float32) + 0.5) / SIDE
        x = (left + at * (right - left)).view(1, -1).expand(SIDE, SIDE) * self.mirror
        z = (top + at * (bottom - top)).view(-1, 1).expand(SIDE, SIDE)
        grid = self.machine.to_beams(x, z).unsqueeze(0).expand(len(grey), -1, -1, -1)
        return functional.grid_sample(grey.unsqueeze(1), grid, padding_mode="zeros", align_corners=False)[:, 0]

    def margin(self, v: Vessel, z: Tensor, slide: np.ndarray) -> np.ndarray:
        """[T] 0 and more where about two thirds of a vessel at rest lie in the picture; in half-axes."""
        x = v.x - slide
        deep = z.numpy()
        if self.machine.radius:
            half = (self.machine.radius + deep) * np.sin(self.machine.half_angle)
        else:
            half = np.full(len(deep), self.machine.width / 2)
        bottom = self.machine.box()[3]
        return np.minimum((half - np.abs(x)) / v.a, (bottom - deep) / v.b) - 1 / 3


def state_of(share: np.ndarray) -> np.ndarray:
    """Places in VEINS: open, closing, closed."""
    return np.where(share < CLOSED, 2, np.where(share <= OPEN, 1, 0))
