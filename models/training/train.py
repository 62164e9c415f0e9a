"""
Trains the network on a tensor set and judges it on another after each round: first glances, then walks (dataset.py).

    python3 train.py --train DIR --validation DIR --out DIR [--glances 14] [--walks 3] [--seed 1]

Writes OUT/last.pt after each round and goes on from it when started again; OUT/best.pt is the best on the validation set.
"""

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread

import numpy as np
import torch
from augment import Augmenter
from dataset import ClipStreams, Glances, Recording, load_set
from judge import Calibration, by_image, by_recording, tracks_of
from network import LANDMARKS, STATE, VEINS, DualNet
from objective import class_weights, loss_of, vein_targets
from places import PlaceHead, opening_loss, openings, place_loss, true_maps
from rule import Thresholds
from torch import Tensor

PLACE_SHARE = 6.0
OPENING_SHARE = 2.0
PROVISIONAL = Thresholds(landmark=0.6, open=0.6, closed=0.7)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True, help="folder of the training set")
    parser.add_argument("--validation", required=True, help="folder of the validation set")
    parser.add_argument("--out", required=True, help="folder for checkpoints")
    parser.add_argument("--glances", type=int, default=14, help="rounds of the first lesson, 32,000 images each")
    parser.add_argument("--walks", type=int, default=3, help="rounds of the second lesson, each along the whole set")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="more only helps where the cores are idle")
    return parser.parse_args()


def learning_rate(options: argparse.Namespace, round_: float) -> float:
    """In each lesson a short rise, then a cosine down to a thirtieth."""
    first = round_ < options.glances
    progress = round_ / options.glances if first else (round_ - options.glances) / max(options.walks, 1)
    fall = 0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * progress))
    return (2.5e-3 if first else 5e-4) * fall * min(1.0, 0.1 + progress / 0.05)


def lesson_of(options: argparse.Namespace, recordings: list[Recording], round_: int, seed: int) -> Glances | ClipStreams:
    rng = np.random.default_rng(seed)
    if round_ < options.glances:
        return Glances(recordings, streams=32, steps=4, batches=250, rng=rng)
    return ClipStreams(recordings, streams=16, steps=16, rng=rng)


def settle(network: DualNet) -> None:
    """
    A walk's batch holds few recordings: enough to teach the memory what to keep, too few for the convolutions and for
    the batch statistics. Measured: with them, a round of walks undid half of what the glances had taught.
    """
    network.encoder.settled = True
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.eval()


@dataclass(frozen=True)
class Batch:
    """One step's work: [T, B] of images, intervals and starts; [T * B] of truths."""

    done: float
    images: Tensor
    intervals: Tensor
    starts: Tensor
    landmarks: Tensor
    veins: Tensor
    openings: Tensor
    maps: Tensor


def batches_of(lesson: Glances | ClipStreams, augment: Augmenter):
    for chunk in lesson:
        images, strange, theta = augment(chunk.images, chunk.clips)
        vessels, unseen = chunk.vessels.reshape(-1, 5, 8), torch.from_numpy(strange)
        yield Batch(
            done=lesson.done,
            images=images,
            intervals=torch.from_numpy(chunk.intervals),
            starts=torch.from_numpy(chunk.starts),
            landmarks=torch.from_numpy(chunk.landmarks).flatten().masked_fill(unseen, LANDMARKS.index("none")),
            veins=torch.from_numpy(chunk.veins).flatten().masked_fill(unseen, VEINS.index("none")),
            openings=torch.from_numpy(openings(vessels)).masked_fill(unseen, math.nan),
            maps=true_maps(vessels, theta, strange),
        )


def ahead(batches):
    """Makes the next batches in a second thread while the network learns from one; the order stays the same."""
    ready: Queue = Queue(maxsize=3)

    def make() -> None:
        for batch in batches:
            ready.put(batch)
        ready.put(None)

    Thread(target=make, daemon=True).start()
    while (batch := ready.get()) is not None:
        yield batch


def train_round(network, places, optimiser, recordings, weights, options, round_: int) -> None:
    seed = options.seed * 1000 + round_
    torch.manual_seed(seed)
    lesson = lesson_of(options, recordings, round_, seed)
    network.train()
    if round_ >= options.glances:
        settle(network)
    began, seen, running, shown, state = time.time(), 0, None, 0.0, None
    rounds = options.glances + options.walks
    for step, batch in enumerate(ahead(batches_of(lesson, Augmenter(seed)))):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(options, round_ + batch.done)
        state = torch.zeros(batch.starts.shape[1], STATE) if state is None else state.detach()
        answer = network.clip(batch.images, batch.intervals, batch.starts, state)
        state = answer.state
        maps, opening = places(answer.features, answer.mind)
        placed, opened = place_loss(maps, batch.maps), opening_loss(opening, batch.openings)
        targets = vein_targets(batch.veins, batch.openings)
        loss = loss_of(answer.landmark, answer.vein, batch.landmarks, targets, weights)
        optimiser.zero_grad()
        (loss + PLACE_SHARE * placed + OPENING_SHARE * opened).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        seen += len(batch.veins)
        now = np.array([loss.item(), placed.item(), opened.item()])
        running = now if running is None else 0.98 * running + 0.02 * now
        if time.time() - shown > 10:
            shown = time.time()
            spent = shown - began
            left = spent / max(batch.done, 1e-3) * (rounds - round_ - batch.done)
            print(
                f"round {round_ + 1}/{rounds} {batch.done:4.0%} step {step} loss {running[0]:.3f} places {running[1]:.3f} "
                f"opening {running[2]:.3f} {seen / spent:.0f} images/s ETA {left / 60:.1f} min",
                flush=True,
            )
    print(f"round {round_ + 1}: {seen} images in {time.time() - began:.0f} s, loss {running[0]:.3f}", flush=True)


def validate(network: DualNet, recordings: list[Recording]) -> tuple[float, dict]:
    tracks = tracks_of(network, recordings)
    images, whole = by_image(tracks), by_recording(tracks, Calibration(), PROVISIONAL)
    figures = {name: images[name] for name in ("landmarkMacroF1", "closedF1")}
    figures |= {name: whole[name] for name in ("fullyCompressesF1", "precision", "recall")}
    figures["falselyCaptured"] = len(whole["falselyCaptured"])
    score = images["landmarkMacroF1"] + images["closedF1"] + whole["fullyCompressesF1"] + whole["precision"]
    return score, figures


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    recordings, held_out = load_set(options.train), load_set(options.validation)
    weights = (
        class_weights(np.bincount(np.concatenate([r.landmarks for r in recordings]), minlength=len(LANDMARKS)).tolist()),
        class_weights(np.bincount(np.concatenate([r.veins for r in recordings]), minlength=len(VEINS)).tolist()),
    )
    network = DualNet().to(memory_format=torch.channels_last)
    places = PlaceHead()
    optimiser = torch.optim.AdamW([*network.parameters(), *places.parameters()], lr=1e-3, weight_decay=0.02)
    round_, best = 0, -1.0
    if (out / "last.pt").exists():
        saved = torch.load(out / "last.pt")
        network.load_state_dict(saved["network"])
        places.load_state_dict(saved["places"])
        optimiser.load_state_dict(saved["optimiser"])
        round_, best = saved["round"], saved["best"]
        print(f"goes on after round {round_}", flush=True)
    while round_ < options.glances + options.walks:
        train_round(network, places, optimiser, recordings, weights, options, round_)
        round_ += 1
        score, figures = validate(network, held_out)
        print(f"round {round_} validation {json.dumps({k: round(v, 4) for k, v in figures.items()})}", flush=True)
        saved = {"network": network.state_dict(), "round": round_, "figures": figures, "best": max(best, score)}
        if score > best:
            best = score
            torch.save(saved, out / "best.pt")
        torch.save({**saved, "places": places.state_dict(), "optimiser": optimiser.state_dict()}, out / "last.pt")


if __name__ == "__main__":
    main()
