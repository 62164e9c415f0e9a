"""
What an encoder sees, its normalisation folded into the convolutions as at export: less than half the time of Encoder.forward to
learn from on a CPU (models/training/slim.py), for the same weights and to rounding the same answers.
"""

from dataclasses import dataclass, fields

import torch
from network import SIDE, Encoder, Residual
from torch import Tensor, nn
from torch.nn import functional


@dataclass
class Sight:
    """Of N images."""

    near: Tensor
    """[N, NEAR, 16, 16]"""
    far: Tensor
    """[N, FAR, 8, 8]"""
    embedding: Tensor
    """[N, EMBEDDING]"""
    maps: Tensor
    """[N, CHANNELS, 16, 16] logits"""

    def tensors(self) -> list[Tensor]:
        return [getattr(self, field.name) for field in fields(self)]


def folded(part: nn.Sequential) -> tuple[Tensor, Tensor]:
    """Weight and bias of a convolution with the normalisation after it."""
    convolution, norm = part[0], part[1]
    scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
    return convolution.weight * scale.view(-1, 1, 1, 1), norm.bias - norm.running_mean * scale


def convolved(part: nn.Sequential, x: Tensor) -> Tensor:
    weight, bias = folded(part)
    layout = torch.channels_last
    return functional.conv2d(x, weight.contiguous(memory_format=layout), bias, part[0].stride, part[0].padding)


def first_convolved(part: nn.Sequential, x: Tensor) -> Tensor:
    """
    The first convolution as one matrix product: how PyTorch's own learns with a single channel of input takes as long on a CPU as
    all the others together.
    """
    weight, bias = folded(part)
    (kernel, _), (stride, _), (edge, _) = part[0].kernel_size, part[0].stride, part[0].padding
    padded = functional.pad(x[:, 0], (edge, edge, edge, edge))
    count, side, row = len(x), SIDE // stride, SIDE + 2 * edge
    shape, steps = (count, side, side, kernel, kernel), (row * row, stride * row, stride, row, 1)
    patches = padded.as_strided(shape, steps).reshape(count * side * side, kernel * kernel)
    return torch.addmm(bias, patches, weight.flatten(1).T).view(count, side, side, -1).permute(0, 3, 1, 2)


def through(part: Residual, x: Tensor) -> Tensor:
    return torch.relu(x + convolved(part.second, torch.relu(convolved(part.first, x))))


def sight(encoder: Encoder, images: Tensor) -> Sight:
    """images [N, 1, 128, 128], 0..1; as Encoder.forward in use, without dropout"""
    shown = functional.layer_norm(images, (1, SIDE, SIDE), eps=1e-3)
    first = torch.relu(first_convolved(encoder.near[0], shown))
    near = through(encoder.near[2], torch.relu(convolved(encoder.near[1], first)))
    far = through(encoder.far[1], torch.relu(convolved(encoder.far[0], near)))
    maps = encoder.near_places(near) + encoder.far_places(far)
    where = torch.relu(convolved(encoder.squeeze, far)).flatten(1)
    told = torch.cat([where, far.amax((2, 3)), torch.sigmoid(maps).flatten(1)], 1)
    return Sight(near, far, torch.relu(encoder.embed(told)), maps)
