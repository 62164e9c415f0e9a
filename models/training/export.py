"""
Writes model.onnx, the golden input images and the manifest's draft into a package folder. seal.ts completes it.

    python3 export.py --checkpoint OUT/best.pt --calibration OUT/calibration.json --golden DIR --package DIR --version 0.1.0
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from dataset import Recording, load_set
from network import LANDMARKS, SIDE, STATE, VEINS, DualNet

OPSET = 13
GOLDEN_IMAGES = 16


def golden_of(recordings: list[Recording]) -> tuple[Recording, np.ndarray]:
    """Sixteen images at even steps of one press that closes the vein, from open to closed."""
    for recording in recordings:
        closed = np.flatnonzero(recording.veins == VEINS.index("closed"))
        opened = np.flatnonzero(recording.veins[: closed[0]] == VEINS.index("open")) if len(closed) else closed
        if recording.expected["outcome"] != "captured" or len(opened) < 4:
            continue
        first = opened[-4]
        step = int(np.ceil((closed[0] + 2 - first) / (GOLDEN_IMAGES - 1)))
        picked = first + step * np.arange(GOLDEN_IMAGES)
        # A press so slow that its images would be far apart is left to another recording.
        if picked[-1] < len(recording.veins) and np.diff(recording.times_ms[picked]).max() < 150:
            return recording, picked
    raise SystemExit("the set has no recording with a press that closes the vein")


def draft(options: argparse.Namespace, calibrated: dict, intervals: list[float]) -> dict:
    def head(name: str, labels: tuple[str, ...]) -> dict:
        return {"name": name, "labels": list(labels), "kind": "logits", "temperature": calibrated["temperature"][name]}

    return {
        "schema": 1,
        "name": "phlebox-dual",
        "version": options.version,
        "licence": "Apache-2.0",
        "intendedUse": "Research. Guides a compression examination of the leg veins: which landmark is in view, and "
        "whether the vein is open or pressed shut. It names no disease. Not for clinical use.",
        "limitations": [
            "Trained and calibrated on simulated scans only; never on a picture of a person.",
            "Figures on simulated scans say nothing about patients.",
            "Knows two landmarks of the femoral vein; not the popliteal vein.",
            "No pathology was simulated beyond a vein that does not close.",
        ],
        "trainedOn": options.trained_on,
        "input": {"name": "image", "width": SIDE, "height": SIDE, "channels": 1, "range": [0, 1]},
        "interval": {"name": "interval"},
        "state": [{"input": "state", "output": "next_state", "shape": [1, STATE]}],
        "outputs": {"landmark": head("landmark", LANDMARKS), "vein": head("vein", VEINS)},
        "thresholds": calibrated["thresholds"],
        "protocol": [name for name in LANDMARKS if name != "none"],
        "golden": {"inputs": "golden.u8", "intervalsMs": intervals, "outputs": "golden.f32", "tolerance": 0.02},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--calibration", required=True)
    parser.add_argument("--golden", required=True, help="tensor set to take the golden images from")
    parser.add_argument("--package", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--trained-on", action="append", required=True, help="one line a set, with its licence")
    options = parser.parse_args()
    package = Path(options.package)
    package.mkdir(parents=True, exist_ok=True)
    network = DualNet()
    network.load_state_dict(torch.load(options.checkpoint)["network"])
    network.eval()
    torch.onnx.export(
        network,
        (torch.zeros(1, 1, SIDE, SIDE), torch.zeros(1, 1), torch.zeros(1, STATE)),
        package / "model.onnx",
        opset_version=OPSET,
        input_names=["image", "interval", "state"],
        output_names=["landmark", "vein", "next_state"],
    )
    recording, picked = golden_of(load_set(options.golden))
    np.ascontiguousarray(recording.images[picked]).tofile(package / "golden.u8")
    intervals = np.diff(recording.times_ms[picked], prepend=recording.times_ms[picked[0]]).round(3).tolist()
    calibrated = json.loads(Path(options.calibration).read_text())
    manifest = draft(options, calibrated, intervals)
    (package / "manifest.json").write_text(json.dumps(manifest, indent="\t") + "\n")
    print(f"{package}: {(package / 'model.onnx').stat().st_size} bytes, golden images from {recording.id}")


if __name__ == "__main__":
    main()
