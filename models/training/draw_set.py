"""
Draws whole recordings to be judged on, as a tensor set (README.md), out of the sketched world or of animated stills.

    python3 draw_set.py sketch OUT --seed N --recordings N
    python3 draw_set.py stills OUT --seed N --recordings N --stills DIR --part validation|test
"""

import argparse
import csv
import json
import time
from pathlib import Path

import numpy as np
import torch
from network import LANDMARKS, VEINS
from rule import expected
from sketch import Sketch, Strip, visible_sketch
from stills import Animation, Part, Stills

PART_SIZE = 25
BATCH = 16
RATES = (13, 15, 18, 20, 22, 25, 32)


BORDER, OFTEN = 0.4, 0.2
"""A vein within BORDER of the picture's border (sketch.Strip.margins) is neither in view nor out of it."""


def told_apart(strips: list[Strip]) -> bool:
    """
    Whether the truth of a recording is more than a matter of definition: a vein that lies on the picture's border through
    more than OFTEN of it is in view by one rule and out of it by another.
    """
    margins = np.concatenate([s.margins for s in strips])
    return bool((np.abs(margins) < BORDER).mean() <= OFTEN)


def drawn(options: argparse.Namespace):
    """Number and attempt to (recording, kind)."""
    if options.world == "sketch":

        def of_sketch(number: int, attempt: int) -> tuple[Sketch, str]:
            seed = options.seed * 1_000_003 + number + attempt * 104_729
            sketch = visible_sketch(seed, float(np.random.default_rng(seed).choice(RATES)))
            return sketch, sketch.label

        return of_sketch
    stills = Stills(options.stills, Part[options.part.upper()])
    known = stills.by_vein["open"] + stills.by_vein["not_visible"]

    def of_still(number: int, attempt: int) -> tuple[Animation, str]:
        rng = np.random.default_rng(options.seed * 1_000_003 + number + attempt * 104_729)
        still = known[number % len(known)]
        animation = Animation(still, rng, hz=float(rng.choice(RATES)))
        return animation, f"still-{animation.kind if still.vein == 'open' else 'artery-only'}"

    return of_still


def write(folder: Path, number: int, strips: list[Strip], kind: str) -> dict:
    name = f"r{number:05d}-{kind}"
    np.concatenate([s.images for s in strips]).tofile(folder / f"{name}.u8")
    times, landmarks, veins = (np.concatenate([getattr(s, n) for s in strips]) for n in ("times_ms", "landmarks", "veins"))
    with open(folder / f"{name}.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("frame", "timeMs", "landmark", "vein"))
        for i, (at, landmark, vein) in enumerate(zip(times, landmarks, veins, strict=True)):
            rows.writerow((i, f"{at:.2f}", LANDMARKS[landmark], VEINS[vein]))
    found = expected(times, landmarks, veins)
    shown = [LANDMARKS[i] for i in np.unique(landmarks) if LANDMARKS[i] != "none"]
    landmark = shown[0] if shown else "none"
    outcome = "captured" if landmark in found else "not-captured"
    return {"id": name, "kind": kind, "images": len(times), "expected": {"landmark": landmark, "outcome": outcome}}


def strips_of(recording: Sketch | Animation) -> list[Strip]:
    frames = np.arange(len(recording))
    return [recording.strip(frames[i : i + BATCH]) for i in range(0, len(frames), BATCH)]


def clear(of, number: int) -> tuple[list[Strip], str]:
    """The first attempt of a number whose truth is told apart."""
    for attempt in range(20):
        recording, kind = of(number, attempt)
        strips = strips_of(recording)
        if told_apart(strips):
            break
    return strips, kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", choices=("sketch", "stills"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--recordings", type=int, required=True)
    parser.add_argument("--stills", type=Path)
    parser.add_argument("--part", choices=("validation", "test"))
    options = parser.parse_args()
    if options.world == "stills" and not (options.stills and options.part):
        parser.error("stills needs --stills DIR and --part")
    torch.set_num_threads(1)
    of, began = drawn(options), time.time()
    for part in range(-(-options.recordings // PART_SIZE)):
        folder = options.out / f"part-{part:03d}"
        if (folder / "index.json").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        numbers = range(part * PART_SIZE, min(options.recordings, (part + 1) * PART_SIZE))
        entries = [write(folder, n, *clear(of, n)) for n in numbers]
        draft = folder / "index.part"
        draft.write_text(json.dumps({"seed": options.seed, "recordings": entries}, indent="\t") + "\n")
        draft.rename(folder / "index.json")
        print(f"{options.out.name}: {numbers[-1] + 1} of {options.recordings}, {(time.time() - began) / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
