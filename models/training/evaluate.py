"""
Judges a checkpoint with its calibration, or a package with its own, on held-out tensor sets, each by itself.

    python3 evaluate.py --checkpoint OUT/network.pt --calibration OUT/calibration.json --set DIR [DIR ...] [--json FILE]
    python3 evaluate.py --package FOLDER --set DIR [DIR ...] [--json FILE]          needs onnxruntime

A package is run image by image, as the box runs it on the CPU, or, with --plain, as on a GPU; a checkpoint in batches, which is faster.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from dataset import Recording, load_set
from judge import Calibration, Track, figures_of, track
from packaged import Packaged
from rule import Thresholds
from train import load


def judged(options: argparse.Namespace) -> tuple[Callable[[Recording], Track], Calibration, Thresholds]:
    """What runs along a recording, and how its answers are read."""
    if options.package:
        package = Packaged(options.package, "" if options.plain else "cpu")
        return package.track, package.calibration, package.thresholds
    network = load(options.checkpoint)
    calibrated = json.loads(options.calibration.read_text())
    return lambda one: track(network, one), Calibration(**calibrated["temperature"]), Thresholds(**calibrated["thresholds"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--checkpoint")
    what.add_argument("--package", type=Path)
    parser.add_argument("--calibration", type=Path, help="of the checkpoint")
    parser.add_argument("--plain", action="store_true", help="of a package model.onnx, not the variant for the CPU")
    parser.add_argument("--set", required=True, nargs="+")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.checkpoint and not options.calibration:
        parser.error("a checkpoint needs its --calibration")
    run, calibration, thresholds = judged(options)
    figures = {Path(folder).name: figures_of([run(one) for one in load_set(folder)], calibration, thresholds) for folder in options.set}
    if options.json:
        options.json.write_text(json.dumps(figures, indent="\t") + "\n")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
