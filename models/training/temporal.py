"""
Five ways to use time. Each reads embeddings [T, B, E] with the seconds between them and carries a flat state [B, S] from
step to step, so that the exported network takes one image a run. A state of zeros is no past.
"""

import torch
from torch import Tensor, nn


def pace(intervals: Tensor) -> Tensor:
    """Seconds between images as a feature around 0; scanners give 13 to 54 images a second."""
    return torch.log(intervals.clamp(0.0, 1.0) + 0.02) + 2.8


class Single(nn.Module):
    """Each image by itself."""

    channels, state = 1, 0

    def __init__(self, embedding: int) -> None:
        super().__init__()
        self.size = embedding

    def forward(self, embedding: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        return embedding, state


class Stack(nn.Module):
    """
    The image and three earlier ones, about EVERY seconds apart whatever the scanner's rate, as channels of one picture. The
    state holds these three (0..1) and the seconds that have passed since the newest of them.
    """

    PAST, EVERY, SIDE = 3, 0.1, 128
    channels = 1 + PAST
    state = PAST * SIDE * SIDE + 1

    def __init__(self, embedding: int) -> None:
        super().__init__()
        self.size = embedding

    def stack(self, images: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        past = state[:, :-1].reshape(-1, self.PAST, self.SIDE, self.SIDE)
        since, stacked = state[:, -1], []
        for image, interval, start in zip(images, intervals, starts, strict=True):
            past = past * (1 - start).view(-1, 1, 1, 1)
            since = (since + interval) * (1 - start)
            stacked.append(torch.cat([image.unsqueeze(1), past], 1))
            due = (since >= self.EVERY).to(image.dtype)
            # The first image after a start is kept at once: it is the only past there is.
            due = torch.maximum(due, (past.amax((1, 2, 3)) <= 0).to(image.dtype))
            keep = due.view(-1, 1, 1, 1)
            past = keep * torch.cat([image.unsqueeze(1), past[:, :-1]], 1) + (1 - keep) * past
            since = since * (1 - due)
        return torch.stack(stacked), torch.cat([past.flatten(1), since.unsqueeze(1)], 1)

    def forward(self, embedding: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        return embedding, state


class Convolution(nn.Module):
    """Two causal convolutions over time, three steps each, the second one over every second step: seven images."""

    channels, SIZE = 1, 96

    def __init__(self, embedding: int) -> None:
        super().__init__()
        self.inputs = embedding + 1
        self.first, self.second = nn.Linear(3 * self.inputs, self.SIZE), nn.Linear(3 * self.SIZE, self.SIZE)
        self.size = self.SIZE + embedding
        self.state = 2 * self.inputs + 4 * self.SIZE

    def forward(self, embedding: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        near, far = state.split([2 * self.inputs, 4 * self.SIZE], 1)
        known = []
        for step in range(len(embedding)):
            stay = (1 - starts[step]).unsqueeze(1)
            near, far = near * stay, far * stay
            seen = torch.cat([embedding[step], pace(intervals[step]).unsqueeze(1)], 1)
            first = torch.relu(self.first(torch.cat([near, seen], 1)))
            ago4, ago2 = far[:, : self.SIZE], far[:, 2 * self.SIZE : 3 * self.SIZE]
            second = torch.relu(self.second(torch.cat([ago4, ago2, first], 1)))
            known.append(torch.cat([second, embedding[step]], 1))
            near = torch.cat([near[:, self.inputs :], seen], 1)
            far = torch.cat([far[:, self.SIZE :], first], 1)
        return torch.stack(known), torch.cat([near, far], 1)


class Recurrent(nn.Module):
    """A gated recurrent unit written out, so that it exports as plain matrix products."""

    channels, state = 1, 128

    def __init__(self, embedding: int) -> None:
        super().__init__()
        self.from_input = nn.Linear(embedding + 1, 3 * self.state)
        self.from_state = nn.Linear(self.state, 3 * self.state)
        nn.init.orthogonal_(self.from_state.weight)
        self.size = self.state + embedding

    def forward(self, embedding: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        projected = self.from_input(torch.cat([embedding, pace(intervals).unsqueeze(-1)], -1))
        states = []
        for step in range(len(embedding)):
            state = state * (1 - starts[step]).unsqueeze(1)
            update_x, reset_x, fresh_x = projected[step].chunk(3, 1)
            update_h, reset_h, fresh_h = self.from_state(state).chunk(3, 1)
            update = torch.sigmoid(update_x + update_h)
            fresh = torch.tanh(fresh_x + torch.sigmoid(reset_x + reset_h) * fresh_h)
            state = fresh + update * (state - fresh)
            states.append(state)
        return torch.cat([torch.stack(states), embedding], -1), state


class Traces(nn.Module):
    """
    Traces that fade by the clock: each unit holds what it was told, with a half-life of its own between 50 ms and 5 s, and
    a gate says how much of the new is taken. What happened 200 ms ago weighs the same at 13 as at 54 images a second.
    """

    channels, state = 1, 96

    def __init__(self, embedding: int) -> None:
        super().__init__()
        self.told = nn.Linear(embedding, self.state)
        self.gate = nn.Linear(embedding, self.state)
        self.rate = nn.Parameter(torch.log(0.7 / torch.logspace(-1.3, 0.7, self.state)))
        self.size = self.state + embedding

    def forward(self, embedding: Tensor, intervals: Tensor, starts: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        told, gate = torch.tanh(self.told(embedding)), torch.sigmoid(self.gate(embedding))
        fade = torch.exp(-torch.exp(self.rate) * intervals.clamp(0.005, 1.0).unsqueeze(-1))
        states = []
        for step in range(len(embedding)):
            state = state * (1 - starts[step]).unsqueeze(1)
            take = gate[step] * (1 - fade[step])
            state = state * (1 - take) + told[step] * take
            states.append(state)
        return torch.cat([torch.stack(states), embedding], -1), state


TEMPORAL = {"single": Single, "stack": Stack, "convolution": Convolution, "recurrent": Recurrent, "traces": Traces}
