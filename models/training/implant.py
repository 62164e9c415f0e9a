"""
More pictures than were taken: the vein of one real still set beside the artery of another, where one of a third lies. Real
texture all over, other anatomy; without it training sees each of a few dozen real veins again and again.
"""

import math
from dataclasses import replace

import numpy as np
import torch
from press import Vessel
from sketch import LEAST_CONTRAST
from stills import WIDTH, Still
from torch import Tensor
from torch.nn import functional

SOLID, GONE = 1.12, 1.7
"""Distances from the centre, in half-axes, up to which the donor is shown alone and from which nothing of it is."""
TRIES = 12


def points(still: Still) -> tuple[Tensor, Tensor]:
    """x and z of each pixel, millimetres."""
    rows, columns = still.picture.shape
    x = (torch.arange(columns) + 0.5) / columns * WIDTH - WIDTH / 2
    z = (torch.arange(rows) + 0.5) / rows * still.depth
    return x.view(1, -1).expand(rows, columns), z.view(-1, 1).expand(rows, columns)


def reach(x: Tensor, z: Tensor, v: Vessel) -> Tensor:
    """1 on the border, below inside."""
    return (((x - v.x) / v.a).square() + ((z - v.z) / v.b).square()).sqrt()


def patched(still: Still, donor: Still, source: Vessel, place: Vessel) -> Still:
    """The donor's picture around `source`, stretched to `place`; as bright as what it is set into, and never over the artery."""
    x, z = points(still)
    from_x = source.x + (x - place.x) * source.a / place.a
    from_z = source.z + (z - place.z) * source.b / place.b
    grid = torch.stack([from_x / (WIDTH / 2), 2 * from_z / donor.depth - 1], -1).unsqueeze(0)
    patch = functional.grid_sample(donor.picture[None, None], grid, padding_mode="reflection", align_corners=False)[0, 0]
    away = reach(x, z, place)
    ring = (away > SOLID) & (away < GONE)
    patch = patch * float(np.clip((still.picture[ring].mean() + 0.01) / (patch[ring].mean() + 0.01), 0.5, 2))
    mask = ((GONE - away) / (GONE - SOLID)).clamp(0, 1)
    for v in still.vessels:
        mask = mask * ((reach(x, z, v) - 1.05) / 0.2).clamp(0, 1)
    return replace(still, picture=still.picture + (patch.clamp(0, 1) - still.picture) * mask)


def placed(rng: np.random.Generator, still: Still, model: Still) -> Vessel | None:
    """Where the vein lies in `model`, from the artery on and in its measure, in the other picture; None where it has no room."""
    ours, theirs = (next(v for v in s.vessels if v.role == "artery") for s in (still, model))
    vein = next(v for v in model.vessels if v.role == "vein")
    size = math.exp(rng.normal(0, 0.12))
    side = 1 if rng.random() < 0.5 else -1
    x = ours.x + side * (vein.x - theirs.x) / theirs.a * ours.a
    z = ours.z + (vein.z - theirs.z) / theirs.b * ours.b
    a, b = vein.a / theirs.a * ours.a * size, vein.b / theirs.b * ours.b * size
    fits = abs(x) < WIDTH / 2 - 0.4 * a and b < z < still.depth - 0.9 * b and 1.2 < a < 9
    return Vessel("vein", x, z, a, b) if fits else None


def implanted(rng: np.random.Generator, still: Still, opened: list[Still]) -> Still | None:
    """`still`, which shows no vein, with an open one; None where none found room."""
    for _ in range(TRIES):
        donor, model = (opened[rng.integers(len(opened))] for _ in range(2))
        place = placed(rng, still, model)
        if place is None:
            continue
        source = next(v for v in donor.vessels if v.role == "vein")
        patch = patched(still, donor, source, place)
        if not dark(patch, place):
            continue
        return replace(patch, vessels=[*still.vessels, place], vein="open")
    return None


def dark(still: Still, place: Vessel) -> bool:
    """Whether someone could see it: darker than its surroundings by a fifth, as in sketch.py."""
    away = reach(*points(still), place)
    inside, ring = still.picture[away < 0.9].mean(), still.picture[(away > 1.1) & (away < GONE)].mean()
    return bool(inside < (1 - LEAST_CONTRAST) * ring)


def scarred(rng: np.random.Generator, still: Still) -> Still:
    """The same patch of plain tissue: a seam is no reason to see a vein."""
    depth = still.depth
    a, b = rng.uniform(2, 5), rng.uniform(1.5, 3.5)
    place = Vessel("vein", rng.uniform(-14, 14), rng.uniform(0.3, 0.8) * depth, a, b)
    source = Vessel("vein", rng.uniform(-14, 14), rng.uniform(0.15, 0.9) * depth, a, b)
    x, z = points(still)
    if any(bool((reach(x, z, source)[reach(x, z, v) < 1.3] < GONE).any()) for v in still.vessels):
        return still
    return patched(still, still, source, place)
