"""
The dual-task network: one image and the state carried so far give landmark, vein and the next state.

Fifteen configurations: five ways to use time (temporal.py) by three ways to share between the two tasks. They are this
project's own; nothing here replicates the table of AutoDVT's fifteen.
"""

from dataclasses import dataclass

import torch
from places import CHANNELS, MAP
from temporal import TEMPORAL, Stack
from torch import Tensor, nn

LANDMARKS = ("sfj", "fv", "none")
VEINS = ("open", "closing", "closed", "none")
SIDE = 128
EMBEDDING = 128
FIRST, NEAR, FAR = 24, 48, 80
"""Channels at 32 x 32, at 16 x 16 and at 8 x 8."""
WIDTHS = (FIRST, NEAR, FAR)
"""Channels of the first convolution, and within the two residual blocks: these can be narrower (slim.py)."""
SHARING = ("two-networks", "one-trunk", "conditioned")


@dataclass(frozen=True)
class Configuration:
    """A temporal model of TEMPORAL and a way of sharing."""

    temporal: str = "recurrent"
    sharing: str = "conditioned"

    @property
    def name(self) -> str:
        return f"{self.temporal}/{self.sharing}"

    @staticmethod
    def named(name: str) -> "Configuration":
        temporal, _, sharing = name.partition("/")
        if temporal not in TEMPORAL or sharing not in SHARING:
            known = f"{', '.join(TEMPORAL)} / {', '.join(SHARING)}"
            raise SystemExit(f"configuration {name} is unknown; give TEMPORAL/SHARING of {known}")
        return Configuration(temporal, sharing)


ALL = tuple(Configuration(temporal, sharing) for temporal in TEMPORAL for sharing in SHARING)


def block(inputs: int, outputs: int, kernel: int, stride: int) -> nn.Sequential:
    """Convolution, batch normalisation (folded into the convolution at export), ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Residual(nn.Module):
    """Two convolutions beside a way straight through: deeper where the picture is small, at little cost."""

    def __init__(self, channels: int, middle: int) -> None:
        super().__init__()
        self.first = block(channels, middle, 3, 1)
        self.second = nn.Sequential(nn.Conv2d(middle, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, features: Tensor) -> Tensor:
        return torch.relu(features + self.second(self.first(features)))


class Encoder(nn.Module):
    """
    Images [N, C, 128, 128], 0..1, to an embedding [N, 128]. The first convolution goes to a quarter of the size with
    more channels than it drops pixels for: most of the time a wider first layer would take is spent on moving memory.
    Keeps coarse position: where a vessel lies matters. @param widths as WIDTHS
    """

    def __init__(self, channels: int, widths: tuple[int, int, int]) -> None:
        super().__init__()
        first, near, far = widths
        self.near = nn.Sequential(block(channels, first, 7, 4), block(first, NEAR, 3, 2), Residual(NEAR, near))
        self.far = nn.Sequential(block(NEAR, FAR, 3, 2), Residual(FAR, far))
        self.squeeze = block(FAR, 16, 1, 1)
        self.near_places = nn.Conv2d(NEAR, CHANNELS, 1)
        self.far_places = nn.Sequential(nn.Conv2d(FAR, CHANNELS * 4, 1), nn.PixelShuffle(MAP // 8))
        self.embed = nn.Linear(16 * 64 + FAR + CHANNELS * MAP * MAP, EMBEDDING)
        self.dropout = nn.Dropout(0.1)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """The embedding, and logits of the vessels' maps [N, CHANNELS, 16, 16] (places.py), which it was told too."""
        mean = images.mean((2, 3), keepdim=True)
        spread = (images - mean).square().mean((2, 3), keepdim=True)
        # Gain and brightness are the machine's business. The constant keeps the noise of a dark screen small.
        near = self.near((images - mean) / (spread + 1e-3).sqrt())
        far = self.far(near)
        maps = self.near_places(near) + self.far_places(far)
        where = self.squeeze(far).flatten(1)
        what = torch.amax(far, dim=(2, 3))
        told = torch.cat([where, what, torch.sigmoid(maps).flatten(1)], dim=1)
        return torch.relu(self.embed(self.dropout(told))), maps


class Trunk(nn.Module):
    """Encoder and temporal model: images to what is known at each."""

    def __init__(self, temporal: str, widths: tuple[int, int, int]) -> None:
        super().__init__()
        self.temporal = TEMPORAL[temporal](EMBEDDING)
        self.encoder = Encoder(self.temporal.channels, widths)
        self.size = self.temporal.size

    def state(self, clips: int) -> Tensor:
        return torch.zeros(clips, self.temporal.state, device=next(self.parameters()).device)

    def forward(self, images: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """
        images [T, B, H, W], intervals [T, B] seconds, starts [T, B] 1 where the past is forgotten, state [B, S].
        Gives what is known [T, B, size], the next state [B, S] and the vessels' maps [T * B, CHANNELS, 16, 16] as logits.
        """
        steps, clips = intervals.shape
        if isinstance(self.temporal, Stack):
            stacked, state = self.temporal.stack(images, intervals, starts, state)
        else:
            stacked = images.unsqueeze(2)
        flat = stacked.reshape(steps * clips, -1, SIDE, SIDE).contiguous(memory_format=torch.channels_last)
        embedding, maps = self.encoder(flat)
        known, state = self.temporal(embedding.view(steps, clips, -1), intervals, starts, state)
        return known, state, maps


class DualNet(nn.Module):
    """One of the fifteen. @param widths narrower than WIDTHS only as slim.py makes it"""

    def __init__(self, configuration: Configuration, widths: tuple[int, int, int] = WIDTHS) -> None:
        super().__init__()
        self.configuration, self.widths = configuration, tuple(widths)
        count = 1 + (configuration.sharing == "two-networks")
        self.trunks = nn.ModuleList(Trunk(configuration.temporal, widths) for _ in range(count))
        size = self.trunks[0].size
        self.landmark_head = nn.Sequential(nn.Linear(size, 48), nn.ReLU(), nn.Linear(48, len(LANDMARKS)))
        told = len(LANDMARKS) if configuration.sharing == "conditioned" else 0
        self.vein_head = nn.Sequential(nn.Linear(size + told, 48), nn.ReLU(), nn.Linear(48, len(VEINS)))

    @property
    def state_size(self) -> int:
        return sum(trunk.temporal.state for trunk in self.trunks)

    def state(self, clips: int) -> Tensor:
        return torch.cat([trunk.state(clips) for trunk in self.trunks], 1)

    def take_encoder(self, weights: dict[str, Tensor]) -> None:
        """The encoder of another configuration's network; a stack's earlier images begin without weight."""
        prefix = "trunks.0.encoder."
        for trunk in self.trunks:
            mine = trunk.encoder.state_dict()
            for name, value in mine.items():
                theirs = weights[prefix + name]
                if value.shape == theirs.shape:
                    value.copy_(theirs)
                else:
                    value.zero_()[:, : theirs.shape[1]].copy_(theirs)

    def clip(self, images: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
        """
        Many clips side by side: images [T, B, H, W], intervals [T, B] seconds, starts [T, B], state [B, state_size].
        Gives landmark logits [T, B, 3], vein logits [T, B, 4], the next state, and the vessels' maps of each trunk.
        """
        states = state.split([trunk.temporal.state for trunk in self.trunks], 1)
        known, after, maps = zip(
            *(trunk(images, intervals, starts, s) for trunk, s in zip(self.trunks, states, strict=True)), strict=True
        )
        landmark = self.landmark_head(known[0])
        told = torch.cat([known[-1], landmark], -1) if self.configuration.sharing == "conditioned" else known[-1]
        return landmark, self.vein_head(told), torch.cat(after, 1), list(maps)

    def forward(self, image: Tensor, interval: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One image [1, 1, 128, 128], seconds since the image before [1, 1], state: what is exported."""
        landmark, vein, state, _ = self.clip(image, interval, torch.zeros_like(interval), state)
        return landmark[0], vein[0], state
