"""What a hand does with the probe along one recording: pressure, slide, plane and contact over time."""

from dataclasses import dataclass

import numpy as np

KINDS = (
    ("full-press", 26),
    ("half-press", 12),
    ("half-then-full", 8),
    ("slow-press", 7),
    ("many-presses", 6),
    ("thrombus", 10),
    ("slide-off", 8),
    ("leave-plane", 6),
    ("lift-off", 4),
    ("resting-hand", 5),
    ("look-only", 8),
)
"""Kinds of a recording that shows a landmark, and how often each comes."""


@dataclass
class Motion:
    """[n] each: relative pressure (1: shut), millimetres across, share out of the plane 0..1, contact with the skin 0..1."""

    times_ms: np.ndarray
    pressure: np.ndarray
    slide: np.ndarray
    away: np.ndarray
    contact: np.ndarray


class Script:
    """Key points of each quantity; between them smooth steps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.points: dict[str, list[tuple[float, float]]] = {}

    def set(self, **values: float) -> "Script":
        for name, value in values.items():
            self.points.setdefault(name, []).append((self.now, value))
        return self

    def to(self, ms: float, **values: float) -> "Script":
        for name in values:
            self.points[name].append((self.now, self.points[name][-1][1]))
        self.now += ms
        return self.set(**values)

    def wait(self, ms: float) -> "Script":
        self.now += ms
        return self

    def at(self, times: np.ndarray) -> dict[str, np.ndarray]:
        sampled = {}
        for name, points in self.points.items():
            at, values = np.array(points, float).T
            place = np.clip(np.searchsorted(at, times, "right") - 1, 0, len(at) - 2) if len(at) > 1 else None
            if place is None:
                sampled[name] = np.full(len(times), values[0])
                continue
            share = np.clip((times - at[place]) / np.maximum(at[place + 1] - at[place], 1e-6), 0, 1)
            share = share * share * (3 - 2 * share)
            sampled[name] = values[place] + share * (values[place + 1] - values[place])
        return sampled


def press(script: Script, rng: np.random.Generator, peak: float, ms: float, hold: float) -> None:
    script.to(ms, pressure=peak).wait(hold).to(rng.uniform(250, 900), pressure=rng.uniform(0, 0.15))


def motion_of(kind: str, rng: np.random.Generator, width: float, hz: float) -> Motion:
    """@param width of the picture, millimetres; @param hz images a second"""
    s = Script().set(pressure=rng.uniform(0, 0.18), slide=rng.uniform(-2, 2), away=0.0, contact=1.0)
    full = lambda: rng.uniform(1.02, 1.35)  # noqa: E731
    half = lambda: rng.uniform(0.42, 0.68)  # noqa: E731
    if kind == "resting-hand":
        s.points["pressure"] = [(0.0, full())]
        s.wait(rng.uniform(900, 3000))
        if rng.random() < 0.5:
            s.to(rng.uniform(300, 1000), pressure=0.05).wait(rng.uniform(300, 1500))
    elif rng.random() < 0.25:
        s.points["contact"] = [(0.0, rng.uniform(0, 0.3))]
        s.to(rng.uniform(200, 800), contact=1.0)
    s.to(rng.uniform(300, 1800), slide=rng.uniform(-3, 3))
    if kind in ("full-press", "thrombus"):
        press(s, rng, full(), rng.uniform(250, 1400), rng.uniform(400, 1800))
    elif kind == "slow-press":
        press(s, rng, full(), rng.uniform(1500, 3500), rng.uniform(400, 1500))
    elif kind == "half-press":
        for _ in range(rng.integers(1, 3)):
            press(s, rng, half(), rng.uniform(300, 1500), rng.uniform(200, 1500))
    elif kind == "half-then-full":
        press(s, rng, half(), rng.uniform(300, 1200), rng.uniform(100, 700))
        press(s, rng, full(), rng.uniform(300, 1200), rng.uniform(400, 1200))
    elif kind == "many-presses":
        for _ in range(3):
            press(s, rng, full() if rng.random() < 0.7 else half(), rng.uniform(200, 700), rng.uniform(250, 700))
    elif kind == "slide-off":
        way = rng.uniform(0.55, 1.0) * width * (1 if rng.random() < 0.5 else -1)
        s.to(rng.uniform(400, 1600), slide=way, pressure=rng.uniform(0, 0.45)).wait(rng.uniform(400, 1500))
        if rng.random() < 0.4:
            s.to(rng.uniform(500, 1500), slide=0.0).wait(400)
    elif kind == "leave-plane":
        s.to(rng.uniform(400, 1600), away=1.0, pressure=rng.uniform(0, 0.45)).wait(rng.uniform(400, 1500))
        if rng.random() < 0.4:
            s.to(rng.uniform(500, 1500), away=0.0).wait(400)
    elif kind == "lift-off":
        if rng.random() < 0.5:
            press(s, rng, half(), 600, 300)
        s.to(rng.uniform(150, 600), contact=0.0, pressure=0.0).wait(rng.uniform(500, 1500))
    else:
        s.to(rng.uniform(800, 2500), slide=rng.uniform(-6, 6), pressure=rng.uniform(0, 0.3))
    s.wait(rng.uniform(200, 1000))
    step = 1000 / hz
    times = np.arange(0, s.now, step)
    at = s.at(times)
    seconds, tremor = times / 1000, rng.uniform(0, 0.35)
    phases = rng.uniform(0, 7, 3)
    slide = at["slide"] + tremor * sum(np.sin(seconds * f + p) for f, p in zip((7.1, 2.3, 0.9), phases, strict=True))
    wobble = 1 + rng.uniform(0, 0.03) * np.sin(seconds * 9 + phases[0])
    return Motion(times, at["pressure"] * wobble, slide, at["away"], at["contact"])
