"""
Where the vessels are: coarse maps, one a role. The encoder is taught them, and what it says of them is part of what the
heads are told (network.py).
"""

import torch
from torch import Tensor
from torch.nn import functional

ROLES = ("vein", "artery", "deep-artery", "saphenous", "node")
MAP = 16
"""Cells a side."""
FIELDS = 8
"""Presence, centre x and y, half-axes, slant, half-axes at rest; shares of the picture's width and height (tensors.ts)."""
CHANNELS = len(ROLES) + 1
"""One a role, and the vein's place: where its lumen lies at rest, so that a closed vein is still somewhere."""
FINE = 3
"""Points a side of a map cell, to tell how much of it a vessel covers."""


def true_maps(known: Tensor, theta: Tensor) -> Tensor:
    """
    @param known [N, 5, 8] vessels in the picture as it was drawn
    @param theta [N, 2, 3] from the picture as it is sampled to that one, -1..1
    """
    count = len(known)
    grid = functional.affine_grid(theta, [count, 1, MAP * FINE, MAP * FINE], align_corners=False)
    x, y = ((grid + 1) / 2).view(count, 1, -1, 2).unbind(3)
    rest = known[:, :1].clone()
    rest[:, :, 3:5] = rest[:, :, 6:8]
    presence, centre_x, centre_y, a, b, slant = torch.cat([known, rest], dim=1)[..., :6].unsqueeze(3).unbind(2)
    across = x - centre_x
    down = y - centre_y - slant * across
    inside = (across / a.clamp(min=1e-3)) ** 2 + (down / b.clamp(min=1e-3)) ** 2 <= 1
    covered = (inside & (presence > 0.5)).float().view(count * CHANNELS, 1, MAP * FINE, MAP * FINE)
    return functional.avg_pool2d(covered, FINE).view(count, CHANNELS, MAP, MAP)


def place_loss(logits: Tensor, maps: Tensor, mapped: Tensor) -> Tensor:
    """Cross-entropy of coverage where it is known; covered cells are few and count more. `mapped` [N] 0 or 1."""
    entropy = functional.binary_cross_entropy_with_logits(logits, maps, reduction="none")
    return ((entropy * (1 + 6 * maps)).mean((1, 2, 3)) * mapped).mean()
