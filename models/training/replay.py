"""
Images that were drawn and what the teacher saw in them, kept for a while: on a CPU drawing an image and asking the teacher takes as
long as learning from it does.
"""

import torch
from network import SIDE
from sight import Sight, sight
from torch import Tensor, nn


class Replay:
    """The last `size` images. Features are kept as half floats, images as bytes: about 55 KB an image."""

    def __init__(self, teacher: nn.Module, size: int, device: torch.device) -> None:
        self.teacher, self.size, self.device = teacher, size, device
        self.images = torch.zeros(size, SIDE, SIDE, dtype=torch.uint8, device=device)
        self.seen: list[Tensor] = []
        self.next = self.count = 0

    @torch.no_grad()
    def add(self, images: Tensor) -> Tensor:
        """images [N, 128, 128], 0..1; where they are now [N]"""
        at = torch.arange(self.next, self.next + len(images), device=self.device) % self.size
        self.images[at] = (images * 255 + 0.5).to(torch.uint8)
        # The teacher is shown what will be shown again, rounding included.
        seen = sight(self.teacher, self.shown(at)).tensors()
        if not self.seen:
            self.seen = [self.room(values) for values in seen]
        for kept, values in zip(self.seen, seen, strict=True):
            kept[at] = values.half()
        self.next, self.count = (self.next + len(images)) % self.size, min(self.size, self.count + len(images))
        return at

    def room(self, values: Tensor) -> Tensor:
        layout = torch.channels_last if values.dim() == 4 else torch.contiguous_format
        # Not set to anything: nothing is read that was not written, and memory that is never needed is never taken.
        return torch.empty((self.size, *values.shape[1:]), dtype=torch.float16, device=self.device, memory_format=layout)

    def some(self, count: int) -> Tensor:
        """Places of images drawn before, any of them."""
        return torch.randint(0, self.count, (count,), device=self.device)

    def shown(self, at: Tensor) -> Tensor:
        return self.images[at].float().div_(255).unsqueeze(1)

    def taught(self, at: Tensor) -> Sight:
        return Sight(*(values[at].float() for values in self.seen))
