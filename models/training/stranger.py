"""
Pictures that are no groin: made out of simulated ones by changes that no probe can make. They are labelled `none` for
landmark and vein, so that the network learns that dark round shapes alone are no vessel pair of the leg.
"""

import numpy as np
from network import SIDE

SHARE = 0.07
KINDS = ("upside-down", "quarter-turn", "close-up", "shuffled", "negative", "clouds")


class Stranger:
    """One strange clip; the same change all along it."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.kind = KINDS[rng.integers(len(KINDS))]
        self.order = rng.permutation(16)
        self.side = int(rng.integers(28, 52))
        self.top, self.left = (int(rng.integers(0, SIDE - self.side)) for _ in range(2))
        self.clouds = clouds_of(rng) if self.kind == "clouds" else None

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """uint8 [128, 128] to the same."""
        if self.kind == "upside-down":
            return image[::-1]
        if self.kind == "quarter-turn":
            return image.T
        if self.kind == "close-up":
            places = np.arange(SIDE) * self.side // SIDE
            return image[self.top + places][:, self.left + places]
        if self.kind == "shuffled":
            tiles = image.reshape(4, 32, 4, 32).swapaxes(1, 2).reshape(16, 32, 32)[self.order]
            return tiles.reshape(4, 4, 32, 32).swapaxes(1, 2).reshape(SIDE, SIDE)
        if self.kind == "negative":
            return 255 - image
        return (self.clouds * (0.5 + image / 255)).clip(0, 255).astype(np.uint8)


def clouds_of(rng: np.random.Generator) -> np.ndarray:
    """Soft bright and dark patches of any size, as in chambers, fluid and air; at times nearly black."""
    spectrum = np.fft.rfft2(rng.normal(size=(SIDE, SIDE)))
    y, x = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None]
    spectrum *= 1 / (0.01 + np.hypot(y, x)) ** rng.uniform(1.2, 2.5)
    field = np.fft.irfft2(spectrum, s=(SIDE, SIDE))
    field = (field - field.mean()) / field.std()
    return (rng.uniform(5, 90) + rng.uniform(5, 60) * field).clip(0, 255)
