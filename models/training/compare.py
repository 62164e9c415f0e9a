"""
Trains and judges all fifteen configurations alike: the same encoder to begin with, the same clips, the same number of
images, the same sets. Goes on where it was stopped.

    python3 compare.py --start CHECKPOINT --learn FOLDER=SHARE ... --validation SET ... --test SET ... --golden SET --out DIR

Trains all, then judges all; --only-train stops before judging, which another machine may do. Writes OUT/table.md,
OUT/table.json and OUT/plot.svg at the end.
"""

import argparse
import json
import subprocess
import time
from pathlib import Path

import torch
from calibrate import calibrate
from dataset import load_set
from export import golden_of, seal, write_package
from frontier import plot, table
from judge import Calibration, by_image, by_recording, refused, tracks_of
from network import ALL
from rule import Thresholds
from train import Training, add_learning, library_of, load, save


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_learning(parser)
    parser.add_argument("--validation", nargs="+", default=[])
    parser.add_argument("--test", nargs="+", default=[])
    parser.add_argument("--golden", help="simulated tensor set for the packages' golden images")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", required=True, help="checkpoint whose encoder all begin with")
    parser.add_argument("--images", type=int, default=24_000, help="images that each is trained on from there")
    parser.add_argument("--only", nargs="+", default=[c.name for c in ALL])
    parser.add_argument("--only-train", action="store_true")
    options = parser.parse_args()
    if not options.only_train and not (options.validation and options.test and options.golden):
        parser.error("judging needs --validation, --test and --golden; or give --only-train")
    return options


def train_all(options: argparse.Namespace) -> None:
    began, sequences = time.time(), None
    for number, name in enumerate(options.only):
        folder = folder_of(options.out, name)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "network.pt").exists():
            continue
        sequences = sequences or library_of(options).sequences()
        training = Training(argparse.Namespace(**vars(options), configuration=name, rounds=1, encoder_only=True), sequences)
        loss = training.train_round()
        save(folder / "network.pt", name, training.average.network)
        spent = (time.time() - began) / 60
        print(f"trained {number + 1} of {len(options.only)}: {name}, loss {loss:.3f}, {spent:.1f} min in all", flush=True)


def judge(name: str, folder: Path, options: argparse.Namespace) -> dict:
    """One row of the table."""
    network = load(folder / "network.pt")
    result = calibrate(tracks_of(network, [r for s in options.validation for r in load_set(s)]))
    (folder / "calibration.json").write_text(json.dumps(result, indent="\t") + "\n")
    tracks = tracks_of(network, [r for s in options.test for r in load_set(s)])
    calibration, thresholds = Calibration(**result["temperature"]), Thresholds(**result["thresholds"])
    images, recordings = by_image(tracks), by_recording(tracks, calibration, thresholds)
    write_package(folder / "package", network, result, golden_of(load_set(options.golden)), "0.0.1", [name])
    seal(folder / "package")
    return {
        "name": name,
        "landmarkMacroF1": images["landmarkMacroF1"],
        "closedF1": images["closedF1"],
        "fullyCompressesF1": recordings["fullyCompressesF1"],
        "falselyCaptured": len(recordings["falselyCaptured"]),
        "recordings": recordings["recordings"],
        "refused": refused(tracks, calibration, thresholds),
        "parameters": sum(p.numel() for p in network.parameters()),
        "bytes": (folder / "package" / "model.onnx").stat().st_size,
    }


def time_all(rows: list[dict], out: Path) -> None:
    """All together, so that the figures can be compared."""
    folders = [str(folder_of(out, row["name"]) / "package") for row in rows]
    script = str(Path(__file__).with_name("speed.ts"))
    printed = subprocess.run(["node", "--import", "tsx", script, *folders], check=True, capture_output=True, text=True).stdout
    for row, line in zip(rows, printed.splitlines(), strict=True):
        row["framesPerSecond"] = json.loads(line)["framesPerSecond"]


def folder_of(out: Path, name: str) -> Path:
    return out / name.replace("/", "-")


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    train_all(options)
    if options.only_train:
        return
    rows, began = [], time.time()
    for number, name in enumerate(options.only):
        folder = folder_of(options.out, name)
        if not (folder / "row.json").exists():
            (folder / "row.json").write_text(json.dumps(judge(name, folder, options), indent="\t") + "\n")
        rows.append(json.loads((folder / "row.json").read_text()))
        print(f"judged {number + 1} of {len(options.only)}: {name}, {(time.time() - began) / 60:.0f} min in all", flush=True)
    time_all(rows, options.out)
    (options.out / "table.json").write_text(json.dumps(rows, indent="\t") + "\n")
    (options.out / "table.md").write_text(table(rows))
    (options.out / "plot.svg").write_text(plot(rows))
    print(table(rows))


if __name__ == "__main__":
    main()
