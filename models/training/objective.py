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
        [0.0, 0.1, 1.5, 0.6],  # open
        [0.2, 0.0, 1.5, 0.4],  # closing
        [1.0, 0.1, 0.0, 0.8],  # closed
        [1.0, 0.6, 2.0, 0.0],  # none: a vein that slid out of view must never pass for a closed one
    ]
)
VEIN_SHARE = torch.tensor([1.0, 0.8, 1.0, 1.0])
"""`closing` lies between two borders that no picture shows sharply, so it counts less."""
HARM_SHARE = 0.2
SHUT_LANDMARK_SHARE = 2.0
"""The landmark has to stay known while the vein is pressed shut, when the picture shows it least."""


def class_weights(counts: list[int]) -> Tensor:
    """Between equal weight an image and equal weight a class: the inverse root of how often it comes, mean 1."""
    weights = torch.tensor([max(count, 1) for count in counts], dtype=torch.float32).rsqrt()
    return weights / weights.mean()


class Objective:
    """@param landmarks, veins weight of each class (class_weights)"""

    def __init__(self, landmarks: Tensor, veins: Tensor, device: torch.device) -> None:
        self.landmarks, self.veins = landmarks.to(device), (veins * VEIN_SHARE).to(device)
        self.landmark_harm, self.vein_harm = LANDMARK_HARM.to(device), VEIN_HARM.to(device)

    def __call__(self, landmark: Tensor, vein: Tensor, landmarks: Tensor, veins: Tensor) -> Tensor:
        """Logits [T, B, classes] and labels [T, B]; a vein label of -1 is unknown and teaches nothing."""
        landmarks, veins = landmarks.reshape(-1), veins.reshape(-1)
        known = (veins >= 0).float()
        veins = veins.clamp(min=0)
        shut = (veins == VEINS.index("closed")) & (landmarks != LANDMARKS.index("none"))
        landmark_weight = self.landmarks[landmarks] * torch.where(shut, SHUT_LANDMARK_SHARE, 1.0)
        return task_loss(landmark.flatten(0, 1), landmarks, landmark_weight, self.landmark_harm) + task_loss(
            vein.flatten(0, 1), veins, self.veins[veins] * known, self.vein_harm
        )


def task_loss(logits: Tensor, truth: Tensor, weight: Tensor, harm: Tensor) -> Tensor:
    """[N, classes], [N], [N] to one number."""
    entropy = functional.cross_entropy(logits, truth, reduction="none", label_smoothing=0.02)
    expected_harm = (harm[truth] * logits.softmax(1)).sum(1)
    return ((entropy + HARM_SHARE * expected_harm) * weight).sum() / weight.sum().clamp(min=1e-6)
