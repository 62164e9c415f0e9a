"""
Judges a checkpoint with its calibration on held-out tensor sets, each by itself.

    python3 evaluate.py --checkpoint OUT/network.pt --calibration OUT/calibration.json --set DIR [DIR ...] [--json FILE]
"""

import argparse
import json
from pathlib import Path

from dataset import load_set
from judge import Calibration, figures_of, tracks_of
from rule import Thresholds
from train import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--calibration", required=True)
    parser.add_argument("--set", required=True, nargs="+")
    parser.add_argument("--json")
    options = parser.parse_args()
    network = load(options.checkpoint)
    calibrated = json.loads(Path(options.calibration).read_text())
    calibration, thresholds = Calibration(**calibrated["temperature"]), Thresholds(**calibrated["thresholds"])
    figures = {
        Path(folder).name: figures_of(tracks_of(network, load_set(folder)), calibration, thresholds) for folder in options.set
    }
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent="\t") + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
