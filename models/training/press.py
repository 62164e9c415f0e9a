"""
How a body gives under the probe: from where a point is seen to where it lies at rest. Tissue is moved first and imaged
afterwards, so these maps are used by the sketched world (sketch.py) and by the animated stills (stills.py) alike.

Lengths in millimetres, x across, z below the probe. All maps take and give [T, H, W], one step of time a row.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

GIVES, SHUT = 0.25, 0.95
"""Relative pressure at which a vein begins to give and at which it is shut, as in src/simulator/vessel.ts."""
WIDENS = 0.3
"""A vein's wall hardly stretches, so that it widens while it flattens."""
CLOSED, OPEN = 0.1, 0.6
"""Shares of the resting area: under the first closed, above the second open (the format of recording sets)."""


@dataclass
class Vessel:
    """An ellipse at rest."""

    role: str
    x: float
    z: float
    a: float
    b: float
    slant: float = 0.0
    keeps_open: float = 0.0
    """1 for what does not give (nodes), the share of its height that a clot holds open for a vein."""
    stiffness: float = 1.0
    """Veins under different load shut at different pressures."""


def height_left(vessel: Vessel, pressure: Tensor) -> Tensor:
    """[T] height over height at rest. An artery gives a little, and late."""
    if vessel.role in ("artery", "deep-artery"):
        return 1 - 0.3 * ((pressure - 0.5) / 0.9).clamp(0, 1)
    if vessel.role == "node":
        return 1 - 0.1 * pressure.clamp(0, 1)
    t = ((pressure / vessel.stiffness - GIVES) / (SHUT - GIVES)).clamp(0, 1)
    free = 1 - t * t * (3 - 2 * t)
    return vessel.keeps_open + (1 - vessel.keeps_open) * free


def area_left(vessel: Vessel, pressure: Tensor) -> Tensor:
    """[T] area of the lumen over its area at rest."""
    height = height_left(vessel, pressure)
    return height * (1 + WIDENS * (1 - height)) if vessel.role in ("vein", "second-vein", "saphenous") else height


@dataclass
class Give:
    """How the whole layer of tissue moves up as the probe goes down: millimetres at a pressure of 1, and how deep."""

    amount: float
    depth: float
    tilt: float
    """More on one side than on the other: share at a distance of `reach`."""
    reach: float

    def at(self, x: Tensor, z: Tensor, pressure: Tensor) -> Tensor:
        return self.amount * pressure * (1 + self.tilt * (x / self.reach).clamp(-1, 1)) * (1 - torch.exp(-z / self.depth))


@dataclass
class Seen:
    """A vessel under pressure: [T] of each."""

    x: Tensor
    z: Tensor
    a: Tensor
    b: Tensor
    share: Tensor


def seen_vessel(vessel: Vessel, give: Give, pressure: Tensor, swell: Tensor, sinking: float) -> Seen:
    """@param swell [T] radius over radius at rest: pulse, breath"""
    z = torch.full_like(pressure, vessel.z)
    x = torch.full_like(pressure, vessel.x)
    for _ in range(6):
        z = vessel.z - give.at(x, z, pressure)
    left = height_left(vessel, pressure)
    width = 1 + WIDENS * (1 - left)
    b = vessel.b * left * swell
    return Seen(x, z + sinking * (vessel.b - b).clamp(min=0), vessel.a * width * swell, b, area_left(vessel, pressure))


def collapse(x: Tensor, z: Tensor, vessel: Vessel, seen: Seen) -> tuple[Tensor, Tensor]:
    """
    The neighbourhood of one vessel: what lies in the lumen is spread to its resting height, what lies above and below is
    drawn in, less and less with distance. What has to be added to the layer's own movement, [T, H, W] each.
    """
    cx, cz, a, b = (v.view(-1, 1, 1) for v in (seen.x, seen.z, seen.a, seen.b))
    across = x - cx
    down = z - cz - vessel.slant * across
    near = torch.exp(-(across / (2.2 * a)).square() - (down / (2.0 * vessel.a + 2.0)).square())
    across_rest = across * (1 + (vessel.a / a - 1) * near)
    profile = (1 - (across_rest / vessel.a).square()).clamp(min=0).sqrt()
    rest, now = vessel.b * profile, b * profile
    distance = down.abs()
    outside = distance + (rest - now) * torch.exp(-(distance - now).clamp(min=0) / (1.7 * vessel.b + 1.2))
    inside = distance * (vessel.b / b.clamp(min=0.03 * vessel.b))
    down_rest = torch.where(distance <= now, inside, outside) * torch.sign(down)
    dx = across_rest - across
    return dx, down_rest - down + vessel.slant * dx


def to_rest(
    x: Tensor, z: Tensor, vessels: list[tuple[Vessel, Seen]], give: Give, pressure: Tensor
) -> tuple[Tensor, Tensor]:
    """Points as the probe sees them [T, H, W] to where they lie at rest."""
    layer = give.at(x, z, pressure.view(-1, 1, 1))
    x_rest, z_rest = x, z + layer
    for vessel, seen in vessels:
        dx, dz = collapse(x, z, vessel, seen)
        # Near a vessel its own centre's movement holds, so that the lumen keeps its shape.
        sunk = (vessel.z - seen.z).view(-1, 1, 1)
        wide, tall = 2.5 * vessel.a + 2, 3.5 * vessel.b + 3
        across, down = (x - vessel.x) / wide, (z - seen.z.view(-1, 1, 1)) / tall
        near = torch.exp(-across.square().square() - down.square().square())
        x_rest, z_rest = x_rest + dx, z_rest + dz + near * (sunk - layer)
    return x_rest, z_rest
