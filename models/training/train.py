"""
Trains the network on a tensor set and judges it on another after each round: first glances, then walks (dataset.py).

    python3 train.py --train DIR --validation DIR --out DIR [--glances 6] [--walks 4] [--seed 1]

Writes OUT/last.pt after each round and goes on from it when started again; OUT/best.pt is the best on the validation set.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from augment import Augmenter
from dataset import ClipStreams, Glances, Recording, load_set
from judge import Calibration, by_image, by_recording, tracks_of
from network import LANDMARKS, STATE, VEINS, DualNet
from objective import class_weights, loss_of
from places import PlaceHead, place_loss, true_maps
from rule import Thresholds

PLACE_SHARE = 6.0
PROVISIONAL = Thresholds(landmark=0.6, open=0.6, closed=0.7)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True, help="folder of the training set")
    parser.add_argument("--validation", required=True, help="folder of the validation set")
    parser.add_argument("--out", required=True, help="folder for checkpoints")
    parser.add_argument("--glances", type=int, default=6, help="rounds of the first lesson, 32,000 images each")
    parser.add_argument("--walks", type=int, default=4, help="rounds of the second lesson, each along the whole set")
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
        return Glances(recordings, streams=24, steps=6, batches=230, rng=rng)
    return ClipStreams(recordings, streams=12, steps=16, rng=rng)


def hold_statistics(network: DualNet) -> None:
    """A walk's batch holds few recordings: its statistics would not be those the box meets."""
    for part in network.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.eval()


def train_round(network, places, optimiser, recordings, weights, options, round_: int) -> None:
    seed = options.seed * 1000 + round_
    torch.manual_seed(seed)
    lesson, augment = lesson_of(options, recordings, round_, seed), Augmenter(seed)
    network.train()
    if round_ >= options.glances:
        hold_statistics(network)
    began, seen, running, shown, state = time.time(), 0, None, 0.0, None
    rounds = options.glances + options.walks
    for step, chunk in enumerate(lesson):
        done = lesson.done
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(options, round_ + done)
        images, strange, theta = augment(chunk.images, chunk.clips)
        intervals, starts = torch.from_numpy(chunk.intervals), torch.from_numpy(chunk.starts)
        state = torch.zeros(starts.shape[1], STATE) if state is None else state.detach()
        landmark, vein, state, features = network.clip(images, intervals, starts, state)
        unseen = torch.from_numpy(strange).view(starts.shape)
        landmarks = torch.from_numpy(chunk.landmarks).masked_fill(unseen, LANDMARKS.index("none"))
        veins = torch.from_numpy(chunk.veins).masked_fill(unseen, VEINS.index("none"))
        maps = true_maps(chunk.vessels.reshape(-1, 5, 8), theta, strange)
        placed = place_loss(places(features), maps)
        loss = loss_of(landmark, vein, landmarks, veins, weights) + PLACE_SHARE * placed
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        seen += chunk.veins.size
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        if time.time() - shown > 10:
            shown = time.time()
            spent = shown - began
            left = spent / max(done, 1e-3) * (rounds - round_ - done)
            print(
                f"round {round_ + 1}/{rounds} {done:4.0%} step {step} loss {running:.3f} places {placed.item():.3f} "
                f"{seen / spent:.0f} images/s ETA {left / 60:.1f} min",
                flush=True,
            )
    print(f"round {round_ + 1}: {seen} images in {time.time() - began:.0f} s, loss {running:.3f}", flush=True)


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
