"""
A sketched cross-section of a leg at rest: which vessels lie where, and maps of echo and attenuation. Drawn apart from
the TypeScript simulator on purpose, with other shapes and wide random ranges: a network that was right on both worlds
has learned what they share. Anatomy: the vein lies medial of the round artery at the groin, with the saphenous vein above
it; in the upper thigh it lies deeper than the artery, which has divided in two.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from press import Vessel
from torch import Tensor
from torch.nn import functional

POINTS = 140
"""Points of the maps along the picture's depth: about one a pixel of the network's input."""
CONTENTS = (("sfj", 40), ("fv", 40), ("none", 20))
EMPTY = ("tissue", "artery", "saphenous", "node", "blobs", "gas", "two-arteries")


@dataclass
class Body:
    """Maps are [rows, columns]; `left` is the x of their first column, the first row is the skin."""

    landmark: str
    vessels: list[Vessel]
    echo: Tensor
    """Natural logarithm of the echo's amplitude."""
    absorb: Tensor
    """Decibels a millimetre more (bone, gas, edges) or less (fluid) than tissue."""
    bare: Tensor
    """The same as `echo` where the femoral vessels are out of the plane."""
    left: float
    cell: float
    """Millimetres a point of the maps."""


class Noise:
    """Smooth random fields."""

    def __init__(self, rng: np.random.Generator, rows: int, columns: int, cell: float) -> None:
        self.rng, self.rows, self.columns, self.cell = rng, rows, columns, cell

    def __call__(self, wide: float, tall: float) -> Tensor:
        """Mean 0, deviation about 1; features of so many millimetres."""
        shape = (max(3, round(self.rows * self.cell / tall) + 2), max(3, round(self.columns * self.cell / wide) + 2))
        coarse = torch.from_numpy(self.rng.normal(size=(1, 1, *shape)).astype(np.float32))
        return functional.interpolate(coarse, (self.rows, self.columns), mode="bilinear", align_corners=False)[0, 0] * 1.5


def ridges(field: Tensor, width: float) -> Tensor:
    """Thin lines where the field passes zero."""
    return torch.exp(-(field / width).square())


def ellipse(x: Tensor, z: Tensor, v: Vessel, grow: float = 0.0) -> Tensor:
    """1 on the border, below inside."""
    return (((x - v.x) / (v.a + grow)).square() + ((z - v.z - v.slant * (x - v.x)) / (v.b + grow)).square()).sqrt()


def femoral(landmark: str, rng: np.random.Generator, depth: float, width: float, side: int) -> list[Vessel]:
    size = rng.uniform(0.8, 1.3) * width / 38
    slant = lambda: rng.normal(0, 0.12)  # noqa: E731
    if landmark == "sfj":
        ra = rng.uniform(2.8, 5.2) * size
        artery = Vessel("artery", 0, depth, ra, ra * rng.uniform(0.72, 1.15))
        a = rng.uniform(3.0, 7.2) * size
        angle = rng.uniform(-0.35, 0.55)
    else:
        ra = rng.uniform(2.2, 3.9) * size
        artery = Vessel("artery", 0, depth, ra, ra * rng.uniform(0.75, 1.15))
        a = rng.uniform(2.6, 5.6) * size
        angle = rng.uniform(0.4, 1.75)
    vein = Vessel("vein", 0, 0, a, a * rng.uniform(0.4, 1.1), slant=slant(), stiffness=rng.uniform(0.85, 1.1))
    along = 1 / math.hypot(math.cos(angle) / vein.a, math.sin(angle) / vein.b)
    reach = (artery.a + artery.b) / 2 + along + rng.uniform(0.1, 2.0)
    vein.x, vein.z = math.cos(angle) * reach, depth + math.sin(angle) * reach
    vessels = [artery, vein]
    if landmark == "sfj" and rng.random() < 0.72:
        r = rng.uniform(1.3, 3.0) * size
        up = rng.uniform(0.8, 2.2)
        gsv = Vessel("saphenous", 0, 0, r, r * rng.uniform(0.65, 1.0), stiffness=rng.uniform(0.8, 1.05))
        gsv.x = vein.x + math.cos(up) * (vein.a + r * 0.3)
        gsv.z = vein.z - math.sin(up) * (vein.b + r * rng.uniform(0.3, 1.2))
        vessels.append(gsv)
    if landmark == "fv" and (angle < 0.8 or rng.random() < 0.75):
        r = rng.uniform(1.5, 2.9) * size
        deep = Vessel("deep-artery", 0, 0, r, r * rng.uniform(0.8, 1.1))
        below = rng.uniform(1.6, 2.6)
        far = artery.b + r + rng.uniform(0.5, 5)
        for _ in range(40):
            deep.x, deep.z = math.cos(below) * far, depth + math.sin(below) * far
            if ellipse(torch.tensor(deep.x), torch.tensor(deep.z), vein, r + 0.3) > 1:
                break
            below += 0.06
        vessels.append(deep)
    if rng.random() < 0.06:
        vessels.append(
            Vessel("second-vein", vein.x + rng.uniform(0.6, 1.4) * vein.a, vein.z + vein.b * 1.3, vein.a * 0.5, vein.b * 0.5)
        )
    if rng.random() < 0.08:
        r = rng.uniform(2, 4)
        vessels.append(Vessel("node", vein.x + rng.uniform(4, 9), max(3.5, depth - rng.uniform(3, 9)), r * 1.5, r))
    for v in vessels:
        v.x *= side
        v.slant *= side
    lowest = max(0.0, *(2.0 - (v.z - v.b) for v in vessels))
    for v in vessels:
        v.z += lowest
    return vessels


def empty(kind: str, rng: np.random.Generator, depth: float, width: float) -> list[Vessel]:
    size = rng.uniform(0.8, 1.3) * width / 38
    x, r = rng.uniform(-0.35, 0.35) * width, rng.uniform(1.4, 4.5) * size
    if kind == "artery":
        return [Vessel("artery", x, depth, r, r * rng.uniform(0.8, 1.25))]
    if kind == "two-arteries":
        return [Vessel("artery", x, depth, r, r), Vessel("deep-artery", x - 2, depth + 2.4 * r, r * 0.7, r * 0.7)]
    if kind == "saphenous":
        return [Vessel("saphenous", x, min(depth, rng.uniform(4, 11)), r * 0.7, r * rng.uniform(0.4, 0.7))]
    if kind == "node":
        return [Vessel("node", x, depth * rng.uniform(0.5, 1), r * 1.5, r)]
    return []


def draw_body(rng: np.random.Generator, landmark: str, kind: str, width: float, depth: float, clot: bool) -> Body:
    """@param width, depth of the picture in millimetres"""
    cell = depth / POINTS
    rows, columns = int(depth * 1.3 / cell) + 1, int(width * 2.0 / cell) + 1
    left = -columns * cell / 2
    z = (torch.arange(rows, dtype=torch.float32) * cell).view(-1, 1).expand(rows, columns)
    x = (left + torch.arange(columns, dtype=torch.float32) * cell).view(1, -1).expand(rows, columns)
    side = 1 if rng.random() < 0.5 else -1
    deep = float(np.clip(rng.normal(0.42, 0.13), 0.16, 0.72)) * depth
    vessels = empty(kind, rng, deep, width) if landmark == "none" else femoral(landmark, rng, deep, width, side)
    vein = next((v for v in vessels if v.role == "vein"), None)
    if vein and clot:
        vein.keeps_open = rng.uniform(0.3, 0.95)
    noise = Noise(rng, rows, columns, cell)
    middle = vessels[0].x if vessels else 0.0
    u = rng.uniform
    warp = u(0.3, 2.5) * noise(u(10, 30), u(6, 20))
    layer = z + warp
    # Fat with septa on top, muscle to the side and below, fascia between them.
    fascia = u(0.12, 0.4) * depth
    echo = u(0.1, 0.5) * noise(u(2, 8), u(1, 4))
    septa = ridges(noise(u(5, 22), u(0.9, 2.4)) + u(0, 0.6) * noise(2.5, 1.2), u(0.12, 0.45))
    in_fat = torch.sigmoid((fascia - layer) / 0.7)
    echo = echo + in_fat * (u(-0.2, 0.6) + u(0, 1.4) * septa)
    fibres = noise(u(3, 9), u(0.6, 1.4))
    tilt = u(-0.5, 0.5)
    sheared = (torch.arange(rows).view(-1, 1) + (tilt * torch.arange(columns)).long().view(1, -1)) % rows
    rolled = fibres.gather(0, sheared)
    dashes = ridges(rolled, u(0.1, 0.3)) * torch.sigmoid(3 * (noise(u(2, 6), u(1, 3)) - u(-0.3, 0.9)))
    muscle = (1 - in_fat) * torch.sigmoid((noise(u(15, 40), u(10, 30)) + u(-0.5, 1.0)) * 4)
    echo = echo - muscle * u(0, 1.3) + muscle * u(0, 1.8) * dashes
    echo = echo + (1 - in_fat) * (1 - muscle) * u(0, 1.2) * ridges(noise(u(4, 18), u(1, 3)), u(0.15, 0.5))
    for _ in range(rng.integers(0, 4)):
        at, thick = fascia + rng.normal(0, 0.12) * depth, u(0.25, 0.9)
        line = ridges((layer - at + u(-0.3, 0.3) * x.abs() * (u(0, 1) < 0.3)), thick)
        echo = echo + u(0.5, 2.2) * line * torch.sigmoid(3 * noise(u(8, 30), 20) + 2)
    echo = echo + u(0.3, 1.3) * ridges(z, u(0.8, 2.2))
    absorb = u(0, 0.04) * noise(6, 8)
    for _ in range(rng.integers(0, 4) if kind != "blobs" else rng.integers(2, 7)):
        blob = Vessel("blob", u(-0.7, 0.7) * width, u(0.1, 1) * depth, u(1, 9), u(1, 6), slant=rng.normal(0, 0.3))
        inside = torch.sigmoid((1 - ellipse(x, z, blob) + 0.2 * noise(4, 4)) * u(3, 12))
        echo = echo + inside * u(-2.2 if kind == "blobs" else -1.0, 1.2)
    if rng.random() < 0.18 or kind == "gas":
        bone = Vessel("bone", u(-0.6, 0.6) * width, u(0.75, 1.1) * depth if kind != "gas" else u(0.1, 0.6) * depth, u(7, 16), u(5, 14))
        r = ellipse(x, z, bone)
        above = (z < bone.z).float()
        echo = echo + u(1.2, 3) * ridges((r - 1) * bone.b, u(0.4, 1.0)) * above
        absorb = absorb + u(1, 6) * torch.sigmoid((1 - r) * 8)
    bare = echo
    around = torch.full_like(echo, 9.0)
    for v in vessels:
        around = torch.minimum(around, (ellipse(x, z, v) - 1).clamp(min=0) * min(v.a, v.b))
    halo = torch.exp(-((around / u(1.5, 5)) ** 2))
    mean = float(echo.mean())
    echo = echo + halo * u(0, 1.0) * (mean - echo) + halo * u(0, 0.7) * (1 + 0.4 * noise(3, 1.5))
    blood = u(-4.5, -1.2)
    flow = u(0, 0.25) * noise(2, 2)
    for v in vessels:
        r = ellipse(x, z, v)
        wobble = 0.05 * noise(max(2.0, v.a), max(2.0, v.b)) * u(0, 1)
        edge = (r - 1 + wobble) * min(v.a, v.b)
        inside = torch.sigmoid(-edge / u(0.1, 0.3))
        content = mean + blood + flow
        if v.role == "node":
            content = mean + u(-1.6, -0.4) + 1.2 * torch.exp(-((r / 0.45) ** 2)) * (u(0, 1) < 0.7) + flow
        elif v.role == "vein" and clot:
            content = content + u(0, 2.2) + u(0, 0.4) * noise(2, 2)
        elif v.role != "artery":
            content = content + u(-0.2, 0.35)
        if kind == "tissue":
            break
        echo = echo * (1 - inside) + content * inside
        # Walls are brightest where the beam meets them squarely, and broken at places.
        facing = ((z - v.z).abs() / v.b / (r + 0.05)).clamp(0, 1) ** u(0.3, 2.5)
        strong = (u(0.3, 1.9) if v.role in ("artery", "deep-artery") else u(0, 1.4)) * facing
        echo = echo + strong * ridges(edge - 0.15, u(0.2, 0.6)) * torch.sigmoid(2 * noise(4, 4) + u(0, 4))
        fluid = inside * (0.2 if v.role == "node" or (v.role == "vein" and clot and u(0, 1) < 0.5) else 1)
        absorb = absorb - u(0.1, 1.1) * fluid
        flank = torch.exp(-((((x - v.x).abs() - v.a) / 0.5) ** 2)) * ((z - v.z).abs() < v.b * 0.6).float()
        absorb = absorb + u(0, 0.7) * flank
    return Body(landmark, vessels, echo, absorb, bare, left, cell)
