"""
Other machines, other hands, and pictures that are no groin: changes that stay the same as long as a stream plays its
sequence, plus noise and flicker. On the device that trains.
"""

import numpy as np
import torch
from appearance import BANK, Banks
from network import SIDE
from places import MAP
from torch import Tensor
from torch.nn import functional

STRANGERS = ("upside-down", "quarter-turn", "close-up", "shuffled", "negative", "clouds")
"""Made of groins by changes that no probe can make; labelled `none`: dark round shapes alone are no vessel pair."""
STRANGE_SHARE = 0.07
TILES = 4


class Augmenter:
    """Keeps the changes of each row; `begin` draws new ones. @param rows streams"""

    def __init__(self, rng: np.random.Generator, rows: int, device: torch.device, seed: int) -> None:
        self.rng, self.device = rng, device
        self.banks = Banks(np.random.default_rng(seed), device)
        self.theta = torch.zeros(rows, 2, 3, device=device)
        self.tone = torch.zeros(rows, 6, device=device)
        """Gain, offset, gamma, flicker, share of blur, strength of the noise."""
        self.limited = torch.zeros(rows, dtype=torch.bool, device=device)
        self.picked = torch.zeros(rows, 4, dtype=torch.long, device=device)
        self.kind = torch.full((rows,), -1, device=device)
        self.order = torch.zeros(rows, TILES * TILES, dtype=torch.long, device=device)

    @property
    def strange(self) -> Tensor:
        """bool [B]"""
        return self.kind >= 0

    def begin(self, rows: np.ndarray) -> None:
        rng, count = self.rng, len(rows)
        if count == 0:
            return
        at = torch.from_numpy(rows).to(self.device)
        kind = np.where(rng.random(count) < STRANGE_SHARE, rng.integers(0, len(STRANGERS), count), -1)
        tone = np.stack(
            [
                np.exp(rng.normal(0, 0.25, count)),
                rng.normal(0, 0.02, count),
                np.exp(rng.normal(0, 0.25, count)),
                rng.uniform(0, 0.05, count) * (rng.random(count) < 0.4),
                rng.uniform(0, 1, count) * (rng.random(count) < 0.3),
                rng.uniform(0, 0.05, count) * (rng.random(count) < 0.5),
            ],
            1,
        )
        to = lambda values, kind=torch.float32: torch.from_numpy(values).to(self.device, kind)  # noqa: E731
        self.theta[at] = to(np.stack([area_of(rng, STRANGERS[k] if k >= 0 else "") for k in kind]))
        self.tone[at] = to(tone)
        self.limited[at] = to(rng.random(count) < 0.15, torch.bool)
        self.picked[at] = to(rng.integers(0, BANK, (count, 4)), torch.long)
        self.kind[at] = to(kind, torch.long)
        self.order[at] = to(rng.permuted(np.tile(np.arange(TILES * TILES), (count, 1)), axis=1), torch.long)

    @torch.no_grad()
    def __call__(self, images: Tensor, maps: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """uint8 [T * B, 128, 128] and maps [T * B, C, 16, 16] to float 0..1 of the same shapes; row b of a step is stream b."""
        count, rows = len(images), len(self.theta)
        again = lambda values: values.repeat(steps, *([1] * (values.dim() - 1)))  # noqa: E731
        picked = again(self.picked)
        grid = self.grid(SIDE, self.banks.bends)
        x = functional.grid_sample(images.float().div_(255).unsqueeze(1), again(grid), align_corners=False)
        coarse = again(self.grid(MAP, self.banks.coarse_bends))
        maps = functional.grid_sample(maps.float().div_(255), coarse, align_corners=False)
        maps = maps * (~again(self.strange)).view(-1, 1, 1, 1)
        self.estrange(x.view(steps, rows, SIDE, SIDE))
        gain, offset, gamma, flicker, blur, strength = (column.view(-1, 1, 1, 1) for column in again(self.tone).unbind(1))
        gain = gain * (1 + flicker * torch.randn(count, 1, 1, 1, device=self.device))
        x = gain * x.clamp_(1e-5, 1) ** gamma + offset
        x = torch.where(again(self.limited).view(-1, 1, 1, 1), 16 / 255 + x * (219 / 255), x)
        x = x + blur * (functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False) - x)
        x = x * self.banks.shades[picked[:, 0]].unsqueeze(1)
        x = x + strength * torch.randn_like(x)
        return torch.maximum(x[:, 0], self.banks.overlays[picked[:, 1]]).clamp_(0, 1), maps

    def grid(self, side: int, bends: Tensor) -> Tensor:
        """[B, side, side, 2]"""
        straight = functional.affine_grid(self.theta, [len(self.theta), 1, side, side], align_corners=False)
        return straight + bends[self.picked[:, 2]]

    def estrange(self, images: Tensor) -> None:
        """[T, B, 128, 128] in place: what geometry alone does not do (see area_of)."""
        side = SIDE // TILES
        for name, kind in ((name, STRANGERS.index(name)) for name in ("shuffled", "negative", "clouds")):
            rows = torch.nonzero(self.kind == kind)[:, 0]
            if len(rows) == 0:
                continue
            chosen = images[:, rows]
            if name == "negative":
                chosen = 1 - chosen
            elif name == "clouds":
                chosen = (self.banks.clouds[self.picked[rows, 3]] * (0.5 + chosen)).clamp(0, 1)
            else:
                tiles = chosen.view(len(chosen), len(rows), TILES, side, TILES, side).transpose(3, 4)
                tiles = tiles.reshape(len(chosen), len(rows), TILES * TILES, side, side)
                order = self.order[rows].view(1, len(rows), -1, 1, 1).expand_as(tiles)
                tiles = tiles.gather(2, order).view(len(chosen), len(rows), TILES, TILES, side, side).transpose(3, 4)
                chosen = tiles.reshape(len(chosen), len(rows), SIDE, SIDE)
            images[:, rows] = chosen


def area_of(rng: np.random.Generator, stranger: str) -> np.ndarray:
    """[2, 3] from new to old coordinates, -1..1: another cut of the scan area, at times mirrored."""
    turn = rng.normal(0, 0.04)
    wide, tall = rng.uniform(0.86, 1.1, 2)
    mirror = -1.0 if rng.random() < 0.5 else 1.0
    across, down = rng.uniform(-0.1, 0.1, 2)
    if stranger == "close-up":
        wide, tall = rng.uniform(0.22, 0.4, 2)
        across, down = rng.uniform(-0.6, 0.6, 2)
    area = np.array(
        [
            [mirror * wide * np.cos(turn), -np.sin(turn), across],
            [mirror * np.sin(turn), tall * np.cos(turn), down],
        ],
        np.float32,
    )
    if stranger == "upside-down":
        area[1] *= -1
    if stranger == "quarter-turn":
        area = area[::-1].copy()
    return area
