"""
Clips on disk, what training reads: STORE/part-NNN/{images,maps,mapped,times,landmarks,veins}.npy, each complete once its
`done` file is there.

images uint8 [N, T, 128, 128] luma of the scan area; maps uint8 [N, T, 6, 16, 16] how much of a cell is vessel (places.py);
mapped bool [N] whether that is known; times float32 [N, T] ms; landmarks, veins int8 [N, T], -1 for a vein's unknown state.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from network import SIDE
from places import CHANNELS, MAP
from sketch import Strip

STEPS = 24
"""Images of a clip, unless told otherwise."""
PART = 250
SMALL = ("mapped", "times", "landmarks", "veins")


def pick_frames(rng: np.random.Generator, times_ms: np.ndarray, steps: int = STEPS) -> np.ndarray:
    """
    Frames of one clip: half of the clips at a scanner's pace (so that memory learns what neighbouring images are like),
    half far apart (so that one clip shows a whole press). Frames may come twice where a recording is short.
    """
    fast = rng.random() < 0.5
    gap = np.exp(rng.uniform(np.log(18), np.log(90))) if fast else np.exp(rng.uniform(np.log(90), np.log(420)))
    span = min(gap * (steps - 1), times_ms[-1] - times_ms[0])
    first = times_ms[0] + rng.uniform(0, max(times_ms[-1] - times_ms[0] - span, 0))
    at = first + np.arange(steps) * span / (steps - 1)
    return np.clip(np.searchsorted(times_ms, at), 0, len(times_ms) - 1)


def write_part(folder: Path, strips: Iterator[Strip], count: int, steps: int) -> None:
    """Written beside and renamed, so that a part is whole or not there."""
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    images = np.lib.format.open_memmap(draft / "images.npy", "w+", np.uint8, (count, steps, SIDE, SIDE))
    maps = np.lib.format.open_memmap(draft / "maps.npy", "w+", np.uint8, (count, steps, CHANNELS, MAP, MAP))
    mapped, times = np.zeros(count, bool), np.zeros((count, steps), np.float32)
    landmarks, veins = np.zeros((count, steps), np.int8), np.zeros((count, steps), np.int8)
    for i, strip in enumerate(strips):
        images[i], times[i], mapped[i] = strip.images, strip.times_ms, strip.maps is not None
        maps[i] = 0 if strip.maps is None else strip.maps
        landmarks[i], veins[i] = strip.landmarks, strip.veins
    images.flush()
    maps.flush()
    for name, values in zip(SMALL, (mapped, times, landmarks, veins), strict=True):
        np.save(draft / f"{name}.npy", values)
    (draft / "done").touch()
    draft.rename(folder)


@dataclass(frozen=True)
class Plan:
    """So many clips of so many images; process `share` of `of` draws its parts."""

    clips: int
    steps: int = STEPS
    share: int = 0
    of: int = 1


def write_store(out: Path, plan: Plan, strip_of: Callable[[int], Strip], say: Callable[[int], None]) -> None:
    """@param strip_of clip number to strip, the same for the same number"""
    for part in range(plan.share, -(-plan.clips // PART), plan.of):
        folder = out / f"part-{part:03d}"
        if (folder / "done").exists():
            continue
        numbers = range(part * PART, min(plan.clips, (part + 1) * PART))
        write_part(folder, (strip_of(n) for n in numbers), len(numbers), plan.steps)
        say(numbers[-1] + 1)
