"""The dual-task network: one image and the state carried so far give landmark, vein and the next state."""

import torch
from torch import Tensor, nn

LANDMARKS = ("sfj", "fv", "none")
VEINS = ("open", "closing", "closed", "none")
SIDE = 128
STATE = 96
EMBEDDING = 128
ENCODED = 64
MAP = 16


def block(inputs: int, outputs: int, kernel: int, stride: int) -> nn.Sequential:
    """Convolution, batch normalisation (folded into the convolution at export), ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Encoder(nn.Module):
    """One image [N, 1, 128, 128], 0..1, to an embedding [N, 128]. Keeps coarse position: where a vessel lies matters."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            block(1, 8, 5, 2),
            block(8, 24, 3, 2),
            block(24, 32, 3, 1),
            block(32, 48, 3, 2),
            block(48, 64, 3, 2),
            block(64, ENCODED, 3, 1),
        )
        self.squeeze = block(ENCODED, 16, 1, 1)
        self.embed = nn.Linear(16 * 64 + ENCODED, EMBEDDING)
        self.dropout = nn.Dropout(0.2)

    def forward(self, image: Tensor) -> Tensor:
        return self.describe(self.blocks(image))

    def describe(self, features: Tensor) -> Tensor:
        """Features [N, 64, 8, 8] to the embedding."""
        where = self.squeeze(features).flatten(1)
        what = torch.amax(features, dim=(2, 3))
        return torch.relu(self.embed(self.dropout(torch.cat([where, what], dim=1))))


class Memory(nn.Module):
    """A gated recurrent unit written out, so that it exports as plain matrix products."""

    def __init__(self, inputs: int, size: int) -> None:
        super().__init__()
        self.from_input = nn.Linear(inputs, 3 * size)
        self.from_state = nn.Linear(size, 3 * size)
        nn.init.orthogonal_(self.from_state.weight)

    def forward(self, projected: Tensor, state: Tensor) -> Tensor:
        """`projected` is from_input(x), done for all images of a clip at once."""
        update_x, reset_x, fresh_x = projected.chunk(3, dim=1)
        update_h, reset_h, fresh_h = self.from_state(state).chunk(3, dim=1)
        update = torch.sigmoid(update_x + update_h)
        fresh = torch.tanh(fresh_x + torch.sigmoid(reset_x + reset_h) * fresh_h)
        return fresh + update * (state - fresh)


class DualNet(nn.Module):
    """Shared encoder and memory, two heads. The vein head sees the landmark logits: no landmark, no vein to judge."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.memory = Memory(EMBEDDING + 1, STATE)
        self.landmark_head = nn.Linear(STATE + EMBEDDING, len(LANDMARKS))
        self.vein_hidden = nn.Linear(STATE + EMBEDDING + len(LANDMARKS), 48)
        self.vein_head = nn.Linear(48, len(VEINS))

    def project(self, images: Tensor, intervals: Tensor) -> tuple[Tensor, Tensor]:
        """Images [N, 1, H, W] and seconds since the image before [N, 1] to embedding and projected memory input."""
        return self.remember(self.encoder(images), intervals)

    def remember(self, embedding: Tensor, intervals: Tensor) -> tuple[Tensor, Tensor]:
        pace = torch.log(intervals.clamp(0.0, 1.0) + 0.02) + 2.8
        return embedding, self.memory.from_input(torch.cat([embedding, pace], dim=1))

    def answer(self, embedding: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        seen = torch.cat([state, embedding], dim=1)
        landmark = self.landmark_head(seen)
        hidden = torch.relu(self.vein_hidden(torch.cat([seen, landmark], dim=1)))
        return landmark, self.vein_head(hidden)

    def forward(self, image: Tensor, interval: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One image: what is exported. Gives landmark logits, vein logits, next state."""
        embedding, projected = self.project(image, interval)
        next_state = self.memory(projected, state)
        landmark, vein = self.answer(embedding, next_state)
        return landmark, vein, next_state

    def clip(
        self, images: Tensor, intervals: Tensor, starts: Tensor, state: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """
        Many clips side by side.
        images [T, B, H, W], intervals [T, B] seconds, starts [T, B] 1 where the state is forgotten, state [B, STATE].
        Gives landmark logits [T, B, 3], vein logits [T, B, 4], the state after the last image, features [T * B, 64, 8, 8].
        """
        steps, clips = intervals.shape
        flat = images.reshape(steps * clips, 1, SIDE, SIDE).contiguous(memory_format=torch.channels_last)
        features = self.encoder.blocks(flat)
        embedding, projected = self.remember(self.encoder.describe(features), intervals.reshape(-1, 1))
        projected = projected.view(steps, clips, -1)
        states = []
        for step in range(steps):
            state = self.memory(projected[step], state * (1 - starts[step]).unsqueeze(1))
            states.append(state)
        landmark, vein = self.answer(embedding, torch.cat(states))
        return landmark.view(steps, clips, -1), vein.view(steps, clips, -1), state, features
