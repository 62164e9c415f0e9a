"""A trained network without its least channels: what slim.py teaches begins with it."""

import torch
from network import DualNet
from torch import Tensor


def kept_channels(made: Tensor, bias: Tensor, read: Tensor, count: int) -> Tensor:
    """
    Places of the channels that say most to the convolution that reads them, for weights that have seen normalised input.
    made, bias [C] of the normalisation that makes them; read [O, C, k, k]
    """
    scale = made.abs() + bias.clamp(min=0)
    return torch.topk(scale * read.square().sum((0, 2, 3)).sqrt(), count).indices.sort().values


@torch.no_grad()
def narrowed(teacher: DualNet, widths: tuple[int, int, int]) -> DualNet:
    """@param widths as network.WIDTHS, none of them wider than the teacher's"""
    student = DualNet(teacher.configuration, widths)
    weights = dict(teacher.state_dict())
    pairs = (("near.0", "near.1"), ("near.2.first", "near.2.second"), ("far.1.first", "far.1.second"))
    for number in range(len(teacher.trunks)):
        for (makes, reads), width in zip(pairs, widths, strict=True):
            makes, reads = f"trunks.{number}.encoder.{makes}", f"trunks.{number}.encoder.{reads}"
            kept = kept_channels(weights[f"{makes}.1.weight"], weights[f"{makes}.1.bias"], weights[f"{reads}.0.weight"], width)
            for name, value in list(weights.items()):
                if name.startswith(f"{makes}.") and value.dim() > 0:
                    weights[name] = value[kept]
            weights[f"{reads}.0.weight"] = weights[f"{reads}.0.weight"][:, kept]
    student.load_state_dict(weights)
    # What is taught has to be what is used: normalisation stays as the teacher's, a fixed scale for each channel to learn from.
    return student.eval()
