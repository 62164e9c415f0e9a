"""Tensor sets on disk: whole recordings, to be judged on or cut into clips."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from network import LANDMARKS, SIDE, VEINS


@dataclass(frozen=True)
class Recording:
    """One simulated recording: fresh images only, without the repeats that a video output adds."""

    id: str
    kind: str
    expected: dict
    images: np.ndarray
    """[n, 128, 128] uint8, luma of the scan area, mapped from the file."""
    times_ms: np.ndarray
    landmarks: np.ndarray
    """[n] places in LANDMARKS; `veins` in VEINS."""
    veins: np.ndarray
    vessels: np.ndarray
    """[n, 5, 8] float32, see places.py; empty where the set does not say."""


def load_set(folder: str) -> list[Recording]:
    """Reads a set in parts, as tensors.ts drew it: FOLDER/part-NNN/index.json. Parts that are not complete are left out."""
    parts = sorted(index.parent for index in Path(folder).glob("part-*/index.json"))
    if not parts:
        raise SystemExit(f"{folder} holds no part-NNN/index.json; draw it with tensors.ts")
    return [recording for part in parts for recording in load_part(part)]


def load_part(path: Path) -> list[Recording]:
    index = json.loads((path / "index.json").read_text())
    recordings = []
    for entry in index["recordings"]:
        with open(path / f"{entry['id']}.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        where = path / f"{entry['id']}.f32"
        places = np.fromfile(where, np.float32) if where.exists() else np.zeros(0, np.float32)
        images = np.memmap(path / f"{entry['id']}.u8", np.uint8, "r", shape=(len(rows), SIDE, SIDE))
        recordings.append(
            Recording(
                id=entry["id"],
                kind=entry["kind"],
                expected=entry["expected"],
                images=images,
                times_ms=np.array([float(row["timeMs"]) for row in rows]),
                landmarks=np.array([LANDMARKS.index(row["landmark"]) for row in rows]),
                veins=np.array([VEINS.index(row["vein"]) for row in rows]),
                vessels=places.reshape(len(rows), 5, 8) if len(places) else np.zeros((0, 5, 8), np.float32),
            )
        )
    return recordings


def intervals_of(times_ms: np.ndarray) -> np.ndarray:
    """Seconds since the image before; 0 for the first."""
    return np.diff(times_ms, prepend=times_ms[:1]).astype(np.float32) / 1000
