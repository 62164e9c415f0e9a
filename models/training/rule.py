"""The examination's rule for one pass, as the box applies it (src/exam): open, then closed, the landmark in view."""

from dataclasses import dataclass

import numpy as np
from network import LANDMARKS, VEINS

OPEN_MS = 100
CLOSED_MS = 200
CLOSED_IMAGES = 3
MAX_GAP_MS = 250
OPEN, CLOSED, NO_VEIN = VEINS.index("open"), VEINS.index("closed"), VEINS.index("none")
NO_LANDMARK = LANDMARKS.index("none")


@dataclass(frozen=True)
class Thresholds:
    """Lowest calibrated probabilities that count."""

    landmark: float
    open: float
    closed: float


def captured(times_ms: np.ndarray, landmark: np.ndarray, vein: np.ndarray, thresholds: Thresholds) -> set[str]:
    """Landmarks captured in one recording; `landmark` [n, 3] and `vein` [n, 4] are calibrated probabilities."""
    places, sure = landmark.argmax(1), landmark.max(1)
    states, confidence = vein.argmax(1), vein.max(1)
    found: set[str] = set()
    at, opened, open_since, closed_since, images, judged = NO_LANDMARK, False, None, None, 0, None
    for i, now in enumerate(times_ms):
        place = places[i] if sure[i] >= thresholds.landmark else NO_LANDMARK
        gap = i > 0 and now - times_ms[i - 1] > MAX_GAP_MS
        unjudged = judged is not None and now - judged > MAX_GAP_MS
        if gap or unjudged or place != at or states[i] == NO_VEIN:
            at, opened, open_since, closed_since, judged = place, False, None, None, None
        if at == NO_LANDMARK or states[i] == NO_VEIN:
            continue
        is_open = states[i] == OPEN and confidence[i] >= thresholds.open
        is_closed = states[i] == CLOSED and confidence[i] >= thresholds.closed
        if is_open or is_closed or states[i] not in (OPEN, CLOSED):
            judged = now
        if not is_closed:
            closed_since = None
        if not is_open:
            open_since = None
        if is_open:
            open_since = now if open_since is None else open_since
            opened = opened or now - open_since >= OPEN_MS
        if is_closed and opened:
            images = 1 if closed_since is None else images + 1
            closed_since = now if closed_since is None else closed_since
            if now - closed_since >= CLOSED_MS and images >= CLOSED_IMAGES:
                found.add(LANDMARKS[at])
    return found


def expected(times_ms: np.ndarray, landmarks: np.ndarray, veins: np.ndarray) -> set[str]:
    """Landmarks that the truth itself captures: open, then closed for long enough, the landmark in view all the time."""
    found: set[str] = set()
    at, opened, since = NO_LANDMARK, False, None
    for now, landmark, vein in zip(times_ms, landmarks, veins, strict=True):
        if landmark != at:
            at, opened, since = landmark, False, None
        if at == NO_LANDMARK:
            continue
        opened = opened or vein == OPEN
        if vein != CLOSED or not opened:
            since = None
            continue
        since = now if since is None else since
        if now - since >= CLOSED_MS:
            found.add(LANDMARKS[at])
    return found
