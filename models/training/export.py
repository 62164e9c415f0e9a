"""
Makes a model package of a checkpoint: model.onnx, golden images, manifest; seal.ts completes it.

    python3 export.py --checkpoint OUT/network.pt --calibration OUT/calibration.json --golden DIR --package DIR --version 0.1.0
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import torch
from dataset import Recording, load_set
from network import LANDMARKS, SIDE, VEINS, DualNet
from train import load

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


def draft(version: str, trained_on: list[str], calibrated: dict, intervals: list[float], state: int) -> dict:
    def head(name: str, labels: tuple[str, ...]) -> dict:
        return {"name": name, "labels": list(labels), "kind": "logits", "temperature": calibrated["temperature"][name]}

    carried = {"interval": {"name": "interval"}} if state else {}
    states = [{"input": "state", "output": "next_state", "shape": [1, state]}] if state else []
    return {
        "schema": 1,
        "name": "phlebox-dual",
        "version": version,
        "licence": "Apache-2.0",
        "intendedUse": "Research. Guides a compression examination of the leg veins: which landmark is in view, and "
        "whether the vein is open or pressed shut. It names no disease. Not for clinical use.",
        "limitations": [
            "Trained on simulated scans and on animated still pictures of real groins; never on a real press.",
            "Figures on simulated scans and animated stills say little about patients.",
            "Knows two landmarks of the femoral vein; not the popliteal vein.",
            "No pathology was simulated beyond a vein that does not close.",
        ],
        "trainedOn": trained_on,
        "input": {"name": "image", "width": SIDE, "height": SIDE, "channels": 1, "range": [0, 1]},
        **carried,
        "state": states,
        "outputs": {"landmark": head("landmark", LANDMARKS), "vein": head("vein", VEINS)},
        "thresholds": calibrated["thresholds"],
        "protocol": [name for name in LANDMARKS if name != "none"],
        # One frame of 30 a second; the process that tries it took 150 MiB on x64.
        "limits": {"latencyMs": 33, "memoryMiB": 512},
        "golden": {"inputs": "golden.u8", "intervalsMs": intervals, "outputs": "golden.f32", "tolerance": 0.02},
    }


class Alone(torch.nn.Module):
    """A network without memory: one image [1, 1, 128, 128] to its two answers."""

    def __init__(self, network: DualNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        landmark, vein, _ = self.network(image, image.new_zeros(1, 1), image.new_zeros(1, 0))
        return landmark, vein


def write_graph(network: DualNet, path: Path) -> None:
    """One image a run, opset 13; batch normalisation is folded into the convolutions on the way."""
    # From PyTorch 2 on there are two exporters; this is the one that 1.13 has too.
    which = {} if torch.__version__.startswith("1.") else {"dynamo": False}
    # A network without memory has neither state nor use for the time between images.
    count, outputs = (3, 3) if network.state_size else (1, 2)
    torch.onnx.export(
        (network if network.state_size else Alone(network)).to(memory_format=torch.contiguous_format),
        (torch.zeros(1, 1, SIDE, SIDE), torch.zeros(1, 1), torch.zeros(1, network.state_size))[:count],
        str(path),
        opset_version=OPSET,
        input_names=["image", "interval", "state"][:count],
        output_names=["landmark", "vein", "next_state"][:outputs],
        **which,
    )


def write_package(
    package: Path, network: DualNet, calibrated: dict, golden: tuple[Recording, np.ndarray], version: str, trained_on: list[str]
) -> None:
    """Everything but the golden outputs and the hashes, which seal.ts adds in the box's own runtime."""
    package.mkdir(parents=True, exist_ok=True)
    write_graph(network, package / "model.onnx")
    recording, picked = golden
    np.ascontiguousarray(recording.images[picked]).tofile(package / "golden.u8")
    intervals = np.diff(recording.times_ms[picked], prepend=recording.times_ms[picked[0]]).round(3).tolist()
    manifest = draft(version, trained_on, calibrated, intervals, network.state_size)
    (package / "manifest.json").write_text(json.dumps(manifest, indent="\t") + "\n")
    print(f"{package}: {(package / 'model.onnx').stat().st_size} bytes, golden images from {recording.id}")


def seal(package: Path) -> None:
    subprocess.run(["node", "--import", "tsx", str(Path(__file__).with_name("seal.ts")), str(package)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--calibration", type=Path, required=True)
    parser.add_argument("--golden", required=True, help="simulated tensor set to take the golden images from")
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--trained-on", action="append", required=True, help="one line a set, with its licence")
    options = parser.parse_args()
    calibrated = json.loads(options.calibration.read_text())
    golden = golden_of(load_set(options.golden))
    write_package(options.package, load(options.checkpoint), calibrated, golden, options.version, options.trained_on)
    seal(options.package)


if __name__ == "__main__":
    main()
