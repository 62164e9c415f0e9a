"""
Makes the network's probabilities mean what they say, and chooses the thresholds, both on validation sets.

    python3 calibrate.py --checkpoint OUT/network.pt --validation DIR [DIR ...] --to OUT/calibration.json
"""

import argparse
import json
from dataclasses import asdict
from itertools import product
from pathlib import Path

import numpy as np
from dataset import load_set
from judge import Calibration, Track, by_recording, softmax, tracks_of
from network import VEINS
from rule import Thresholds
from train import load

GRID = {
    "landmark": (0.5, 0.6, 0.7, 0.8, 0.9),
    "open": (0.5, 0.6, 0.7, 0.8, 0.9),
    "closed": (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95),
}
WRONG = 1 / 200
"""Most wrong captures a press."""


def entropy(logits: np.ndarray, truth: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood."""
    return float(-np.log(softmax(logits, temperature)[np.arange(len(truth)), truth] + 1e-9).mean())


def temperature_of(logits: np.ndarray, truth: np.ndarray) -> float:
    """The temperature of least entropy, to 2%."""
    candidates = np.geomspace(0.3, 6, 150)
    return round(float(min(candidates, key=lambda t: entropy(logits, truth, t))), 3)


def calibration_error(logits: np.ndarray, truth: np.ndarray, temperature: float) -> float:
    """Expected calibration error over 15 equal bins of the highest probability."""
    probabilities = softmax(logits, temperature)
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    bins = np.minimum((confidence * 15).astype(int), 14)
    gaps = [abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(sum(gaps))


def presses(tracks: list[Track]) -> int:
    """How often a vein that was open begins to close, by the truth."""
    opened, closing = VEINS.index("open"), VEINS.index("closing")
    return sum(int(((t.recording.veins[:-1] == opened) & (t.recording.veins[1:] == closing)).sum()) for t in tracks)


def choose(tracks: list[Track], calibration: Calibration) -> Thresholds:
    """
    Of the choices that capture wrongly at most WRONG of the presses the one with the best F1 (where none does, the one that
    does so least). Of equals the middle one: it holds on recordings it has not seen.
    """
    judged, allowed = [], int(WRONG * presses(tracks))
    for landmark, opened, closed in product(*GRID.values()):
        thresholds = Thresholds(landmark, opened, closed)
        figures = by_recording(tracks, calibration, thresholds)
        excess = max(0, len(figures["falselyCaptured"]) - allowed)
        judged.append((excess, -round(figures["fullyCompressesF1"], 2), thresholds))
    best = min(judged, key=lambda entry: entry[:2])[:2]
    equals = [entry[2] for entry in judged if entry[:2] == best]
    middle = {name: float(np.median([getattr(t, name) for t in equals])) for name in GRID}
    return min(equals, key=lambda t: sum(abs(getattr(t, name) - middle[name]) for name in GRID))


def calibrate(tracks: list[Track]) -> dict:
    landmark, vein = np.concatenate([t.landmark for t in tracks]), np.concatenate([t.vein for t in tracks])
    landmarks = np.concatenate([t.recording.landmarks for t in tracks])
    veins = np.concatenate([t.recording.veins for t in tracks])
    # `closing` has no sharp borders; left in, it would make `open` and `closed` look less sure than they are.
    counted = veins != VEINS.index("closing")
    calibration = Calibration(temperature_of(landmark, landmarks), temperature_of(vein[counted], veins[counted]))
    error = {
        "landmark": [calibration_error(landmark, landmarks, t) for t in (1.0, calibration.landmark)],
        "vein": [calibration_error(vein[counted], veins[counted], t) for t in (1.0, calibration.vein)],
    }
    return {
        "temperature": asdict(calibration),
        "thresholds": asdict(choose(tracks, calibration)),
        "calibrationErrorBeforeAfter": error,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--validation", required=True, nargs="+")
    parser.add_argument("--to", required=True)
    options = parser.parse_args()
    tracks = tracks_of(load(options.checkpoint), [r for folder in options.validation for r in load_set(folder)])
    result = calibrate(tracks)
    Path(options.to).write_text(json.dumps(result, indent="\t") + "\n")
    print(json.dumps(result, indent=1))
    figures = by_recording(tracks, Calibration(**result["temperature"]), Thresholds(**result["thresholds"]))
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
