"""What training minimises: cross-entropy of both tasks, weighted by how often a class comes and how much a mistake harms."""

import torch
from network import LANDMARKS, VEINS
from torch import Tensor
from torch.nn import functional

LANDMARK_HARM = torch.tensor(
    [
        # said:  sfj  fv   none         true:
        [0.0, 1.0, 0.6],  # sfj
        [1.0, 0.0, 0.6],  # fv
        [0.8, 0.8, 0.0],  # none
    ]
)
VEIN_HARM = torch.tensor(
    [
        # said:  open closing closed none    true:
        [0.0, 0.2, 1.5, 0.6],  # open
        [0.3, 0.0, 1.2, 0.5],  # closing: a vein that a clot holds half open must never pass for a closed one
        [1.0, 0.3, 0.0, 0.8],  # closed
        [1.0, 0.6, 2.0, 0.0],  # none: nor must one that slid out of view
    ]
)
HARM_SHARE = 0.5
SHUT_LANDMARK_SHARE = 2.0
"""The landmark has to stay known while the vein is pressed shut, when the picture shows it least."""


def class_weights(counts: list[int]) -> Tensor:
    """Between equal weight an image and equal weight a class: the inverse root of how often it comes, mean 1."""
    weights = torch.tensor([max(count, 1) for count in counts], dtype=torch.float32).rsqrt()
    return weights / weights.mean()


def vein_targets(veins: Tensor, openings: Tensor) -> Tensor:
    """
    Labels [N] and how far open the vein is [N] (NaN: no vein) to shares [N, 4]. The borders between open, closing and closed
    lie where no picture is sharp, so the shares go over smoothly there.
    """
    hard = functional.one_hot(veins, len(VEINS)).float()
    opened = ((openings - 0.5) / 0.2).clamp(0, 1)
    closed = ((0.14 - openings) / 0.07).clamp(0, 1)
    soft = torch.stack([opened, 1 - opened - closed, closed, torch.zeros_like(opened)], dim=1)
    known = torch.isfinite(openings) & (veins != VEINS.index("none"))
    return torch.where(known.unsqueeze(1), soft, hard)


def task_loss(logits: Tensor, targets: Tensor, weights: Tensor, harm: Tensor, emphasis: Tensor) -> Tensor:
    """Logits and target shares [N, classes], weights [classes], emphasis [N] to one number."""
    weight = (targets @ weights) * emphasis
    entropy = -(targets * functional.log_softmax(logits, 1)).sum(1)
    expected_harm = ((targets @ harm) * logits.softmax(1)).sum(1)
    return ((entropy + HARM_SHARE * expected_harm) * weight).sum() / weight.sum()


def loss_of(landmark: Tensor, vein: Tensor, landmarks: Tensor, targets: Tensor, weights: tuple[Tensor, Tensor]) -> Tensor:
    """Logits [N, classes], landmark labels [N], vein targets [N, 4]."""
    sites = functional.one_hot(landmarks, len(LANDMARKS)).float()
    shut = (targets[:, VEINS.index("closed")] > 0.5) & (landmarks != LANDMARKS.index("none"))
    emphasis = torch.where(shut, SHUT_LANDMARK_SHARE, 1.0)
    return task_loss(landmark, sites, weights[0], LANDMARK_HARM, emphasis) + task_loss(
        vein, targets, weights[1], VEIN_HARM, torch.ones_like(emphasis)
    )
