"""Runs the network along whole recordings and counts."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import torch
from dataset import Recording, intervals_of
from network import LANDMARKS, VEINS, DualNet
from rule import NO_LANDMARK, Thresholds, captured

BATCH = 64
CLOSING, CLOSED = VEINS.index("closing"), VEINS.index("closed")


@dataclass(frozen=True)
class Track:
    """Logits along one recording."""

    recording: Recording
    landmark: np.ndarray
    vein: np.ndarray


@dataclass(frozen=True)
class Calibration:
    """Temperatures: logits are divided by them before the softmax."""

    landmark: float = 1.0
    vein: float = 1.0


@torch.no_grad()
def track(network: DualNet, recording: Recording) -> Track:
    """Carries the state from the first image to the last, as the box does."""
    network.eval()
    intervals = torch.from_numpy(intervals_of(recording.times_ms)).unsqueeze(1)
    state, answers = network.state(1), []
    for first in range(0, len(intervals), BATCH):
        images = torch.from_numpy(np.array(recording.images[first : first + BATCH])).float().div_(255).unsqueeze(1)
        between = intervals[first : first + BATCH]
        landmark, vein, state, _ = network.clip(images, between, torch.zeros_like(between), state)
        answers.append((landmark[:, 0], vein[:, 0]))
    landmark, vein = (torch.cat(parts).numpy() for parts in zip(*answers, strict=True))
    return Track(recording, landmark, vein)


def tracks_of(network: DualNet, recordings: list[Recording]) -> list[Track]:
    return [track(network, recording) for recording in recordings]


def softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def f1(hits: float, said: float, true: float) -> float:
    return 2 * hits / (said + true) if said + true else 1.0


def by_image(tracks: list[Track]) -> dict:
    """Landmark macro-F1, closed-vein F1 (images labelled `closing` left out), F1 of each vein state, both confusions."""
    landmarks = np.concatenate([t.recording.landmarks for t in tracks])
    veins = np.concatenate([t.recording.veins for t in tracks])
    said_landmarks = np.concatenate([t.landmark.argmax(1) for t in tracks])
    said_veins = np.concatenate([t.vein.argmax(1) for t in tracks])
    confusion = {
        "landmark": np.bincount(landmarks * 3 + said_landmarks, minlength=9).reshape(3, 3).tolist(),
        "vein": np.bincount(veins * 4 + said_veins, minlength=16).reshape(4, 4).tolist(),
    }

    def score(true: np.ndarray, said: np.ndarray, label: int) -> float:
        return f1(int(((true == label) & (said == label)).sum()), int((said == label).sum()), int((true == label).sum()))

    counted = veins != CLOSING
    return {
        "images": len(veins),
        "landmarkMacroF1": float(np.mean([score(landmarks, said_landmarks, i) for i in range(len(LANDMARKS))])),
        "closedF1": score(veins[counted], said_veins[counted], CLOSED),
        "veinF1": {name: score(veins, said_veins, i) for i, name in enumerate(VEINS)},
        "confusion": confusion,
    }


def by_recording(tracks: list[Track], calibration: Calibration, thresholds: Thresholds) -> dict:
    """*Fully compresses*: captured at the expected landmark against what was expected; any other capture is false."""
    hits = said = true = 0
    wrong: dict[str, list[str]] = defaultdict(list)
    for t in tracks:
        expected = t.recording.expected
        landmark, vein = softmax(t.landmark, calibration.landmark), softmax(t.vein, calibration.vein)
        found = captured(t.recording.times_ms, landmark, vein, thresholds)
        compresses = expected["outcome"] == "captured"
        hit = compresses and expected["landmark"] in found
        hits += hit
        true += compresses
        said += len(found)
        if compresses and not hit:
            wrong["missed"].append(f"{t.recording.id} ({t.recording.kind})")
        if found - ({expected["landmark"]} if compresses else set()):
            wrong["falselyCaptured"].append(f"{t.recording.id} ({t.recording.kind})")
    return {
        "recordings": len(tracks),
        "fullyCompressesF1": f1(hits, said, true),
        "precision": hits / said if said else 1.0,
        "recall": hits / true if true else 1.0,
        "missed": wrong["missed"],
        "falselyCaptured": wrong["falselyCaptured"],
    }


def refused(tracks: list[Track], calibration: Calibration, thresholds: Thresholds) -> float:
    """Of the images that show no landmark, the share on which none is claimed."""
    kept = total = 0
    for t in tracks:
        probability = softmax(t.landmark, calibration.landmark)
        claims = (probability.argmax(1) != NO_LANDMARK) & (probability.max(1) >= thresholds.landmark)
        empty = t.recording.landmarks == NO_LANDMARK
        kept, total = kept + int((empty & ~claims).sum()), total + int(empty.sum())
    return kept / total if total else 1.0


def figures_of(tracks: list[Track], calibration: Calibration, thresholds: Thresholds) -> dict:
    """Everything that is told of one set."""
    return {
        "kinds": dict(Counter(t.recording.kind for t in tracks)),
        **by_image(tracks),
        **by_recording(tracks, calibration, thresholds),
        "refused": refused(tracks, calibration, thresholds),
    }
