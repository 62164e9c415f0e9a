"""Tensor sets on disk, and the streams of clips that training walks along."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from network import LANDMARKS, SIDE, VEINS

FASTEST_MS = 1000 / 54
SLOWEST_MS = 1000 / 13


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
    """[n, 5, 8] float32, see places.py."""


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
                vessels=np.fromfile(path / f"{entry['id']}.f32", np.float32).reshape(len(rows), 5, 8),
            )
        )
    return recordings


def intervals_of(times_ms: np.ndarray) -> np.ndarray:
    """Seconds since the image before; 0 for the first."""
    return np.diff(times_ms, prepend=times_ms[:1]).astype(np.float32) / 1000


@dataclass
class Chunk:
    """What one training step takes: [T, B] of everything."""

    images: np.ndarray
    intervals: np.ndarray
    starts: np.ndarray
    """1 where the state is forgotten."""
    landmarks: np.ndarray
    veins: np.ndarray
    vessels: np.ndarray
    clips: np.ndarray
    """Number of the clip (one walk along one recording), by which augmentation stays the same all along it."""

    def put(self, step: int, stream: int, recording: Recording, frame: int, interval: float, start: int, clip: int) -> None:
        at = step, stream
        self.images[at] = recording.images[frame]
        self.intervals[at], self.starts[at], self.clips[at] = interval, start, clip
        self.landmarks[at], self.veins[at] = recording.landmarks[frame], recording.veins[frame]
        self.vessels[at] = recording.vessels[frame]


def empty_chunk(steps: int, streams: int) -> Chunk:
    shape = (steps, streams)
    return Chunk(
        images=np.empty((*shape, SIDE, SIDE), np.uint8),
        intervals=np.zeros(shape, np.float32),
        starts=np.zeros(shape, np.float32),
        landmarks=np.zeros(shape, np.int64),
        veins=np.zeros(shape, np.int64),
        vessels=np.zeros((*shape, 5, 8), np.float32),
        clips=np.zeros(shape, np.int64),
    )


class Glances:
    """
    The first lesson: many recordings a step, few images of each, far apart in time. Neighbouring images are nearly the
    same, so this teaches the encoder far more a step than walks do, and its batch statistics are those of many machines.
    """

    def __init__(self, recordings: list[Recording], streams: int, steps: int, batches: int, rng: np.random.Generator) -> None:
        self.recordings, self.streams, self.steps, self.batches, self.rng = recordings, streams, steps, batches, rng
        self.done = 0.0

    def __iter__(self):
        clips = 0
        for batch in range(self.batches):
            chunk = empty_chunk(self.steps, self.streams)
            for stream, place in enumerate(self.rng.choice(len(self.recordings), self.streams, replace=False)):
                recording = self.recordings[place]
                length = len(recording.times_ms)
                window = min(length, max(self.steps, int(self.rng.integers(self.steps, length + 1))))
                first = int(self.rng.integers(0, length - window + 1))
                frames = first + np.sort(self.rng.choice(window, self.steps, replace=False))
                for step, frame in enumerate(frames):
                    interval = (recording.times_ms[frame] - recording.times_ms[frames[step - 1]]) / 1000 if step else 0.0
                    chunk.put(step, stream, recording, frame, interval, int(step == 0), clips)
                clips += 1
            self.done = (batch + 1) / self.batches
            yield chunk


class ClipStreams:
    """
    B walks side by side. Each walks along one recording at its own image rate, then goes on with another one, mostly
    with the state forgotten; at times the picture just cuts over, as when the probe is lifted and set down elsewhere.
    """

    def __init__(self, recordings: list[Recording], streams: int, steps: int, rng: np.random.Generator) -> None:
        self.recordings = recordings
        self.steps = steps
        self.rng = rng
        self.queue = list(rng.permutation(len(recordings)))
        self.clips = 0
        self.walks: list[list] = [[] for _ in range(streams)]

    def begin(self) -> list:
        """One walk: (recording, frame, interval, start, clip) for each image it will show, last one first."""
        recording = self.recordings[self.queue.pop()]
        first = 0
        if self.rng.random() < 0.25:
            first = int(self.rng.integers(0, len(recording.times_ms) // 2))
        spacing = FASTEST_MS * (SLOWEST_MS / FASTEST_MS) ** self.rng.random() * 0.9
        lost = 0.05 * self.rng.random()
        cut = self.rng.random() < 0.3
        walk, shown_ms = [], None
        for frame in range(first, len(recording.times_ms)):
            now = recording.times_ms[frame]
            if shown_ms is not None and (now - shown_ms < spacing or self.rng.random() < lost):
                continue
            if shown_ms is not None:
                interval, start = (now - shown_ms) / 1000, 0
            elif cut:
                interval, start = self.rng.uniform(0.02, 0.2), 0
            else:
                interval, start = 0.0, 1
            walk.append((recording, frame, interval, start, self.clips))
            shown_ms = now
        self.clips += 1
        return walk[::-1]

    def __iter__(self):
        """Ends when the recordings have all been begun and a stream runs dry: one epoch."""
        fresh = np.ones(len(self.walks), bool)
        while True:
            chunk = empty_chunk(self.steps, len(self.walks))
            for stream, walk in enumerate(self.walks):
                for step in range(self.steps):
                    if not walk:
                        if not self.queue:
                            return
                        walk.extend(self.begin())
                    recording, frame, interval, start, clip = walk.pop()
                    if fresh[stream]:
                        interval, start = 0.0, 1
                    chunk.put(step, stream, recording, frame, interval, start, clip)
                    fresh[stream] = False
            yield chunk

    @property
    def done(self) -> float:
        return 1 - len(self.queue) / len(self.recordings)
