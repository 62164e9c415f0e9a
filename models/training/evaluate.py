"""
Judges a checkpoint with its calibration on a held-out tensor set.

    python3 evaluate.py --checkpoint OUT/best.pt --calibration OUT/calibration.json --set DIR [--json FILE]
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import torch
from dataset import load_set
from judge import Calibration, by_image, by_recording, tracks_of
from network import DualNet
from rule import Thresholds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--calibration", required=True)
    parser.add_argument("--set", required=True)
    parser.add_argument("--json")
    options = parser.parse_args()
    network = DualNet()
    network.load_state_dict(torch.load(options.checkpoint)["network"])
    calibrated = json.loads(Path(options.calibration).read_text())
    recordings = load_set(options.set)
    tracks = tracks_of(network, recordings)
    figures = {
        "set": Path(options.set).name,
        "kinds": dict(Counter(r.kind for r in recordings)),
        **by_image(tracks),
        **by_recording(tracks, Calibration(**calibrated["temperature"]), Thresholds(**calibrated["thresholds"])),
    }
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent="\t") + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
