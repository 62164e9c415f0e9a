"""
Where the vessels are, as a second lesson for the encoder: a coarse map of each. The box does not need the maps, so they
are no part of the exported network.
"""

import numpy as np
import torch
from network import ENCODED, MAP
from torch import Tensor, nn
from torch.nn import functional

ROLES = ("vein", "artery", "deep-artery", "saphenous", "node")
FIELDS = 8
"""Presence, centre x and y, half-axes, slant, half-axes at rest; shares of the picture's width and height (tensors.ts)."""
CHANNELS = len(ROLES) + 1
"""One a role, and the vein's place: where its lumen lies at rest, so that a closed vein is still somewhere."""
FINE = 3
"""Points a side of a map cell, to tell how much of it a vessel covers."""


class PlaceHead(nn.Module):
    """The encoder's last features [N, 64, 8, 8] to maps [N, 6, 16, 16] of logits: how much of each cell is vessel."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Conv2d(ENCODED, CHANNELS * 4, 1)
        self.unfold = nn.PixelShuffle(2)

    def forward(self, features: Tensor) -> Tensor:
        return self.unfold(self.maps(features))


def true_maps(vessels: np.ndarray, theta: np.ndarray, strange: np.ndarray) -> Tensor:
    """
    @param vessels [N, 5, 8] in the picture before augmentation
    @param theta [N, 2, 3] from augmented to original coordinates, -1..1, as the augmenter samples
    @param strange [N] pictures that are no groin: they have no vessels
    """
    count = len(vessels)
    known = torch.from_numpy(vessels)
    grid = functional.affine_grid(torch.from_numpy(theta), [count, 1, MAP * FINE, MAP * FINE], align_corners=False)
    x, y = ((grid + 1) / 2).view(count, 1, -1, 2).unbind(3)
    rest = known[:, :1].clone()
    rest[:, :, 3:5] = rest[:, :, 6:8]
    presence, centre_x, centre_y, a, b, slant = torch.cat([known, rest], dim=1)[..., :6].unsqueeze(3).unbind(2)
    across = x - centre_x
    down = y - centre_y - slant * across
    inside = (across / a.clamp(min=1e-3)) ** 2 + (down / b.clamp(min=1e-3)) ** 2 <= 1
    covered = (inside & (presence > 0.5)).float().view(count * CHANNELS, 1, MAP * FINE, MAP * FINE)
    maps = functional.avg_pool2d(covered, FINE).view(count, CHANNELS, MAP, MAP)
    return maps * torch.from_numpy(~strange).float().view(-1, 1, 1, 1)


def place_loss(logits: Tensor, maps: Tensor) -> Tensor:
    """Cross-entropy of coverage; covered cells are few and count more."""
    entropy = functional.binary_cross_entropy_with_logits(logits, maps, reduction="none")
    return (entropy * (1 + 6 * maps)).mean()
