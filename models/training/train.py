"""
Trains one configuration on stores of clips and judges it on whole recordings after each round.

    python3 train.py --configuration recurrent/conditioned --clips STORE=SHARE ... --validation SET ... --out DIR

Writes OUT/last.pt after each round and goes on from it when started again; OUT/best.pt is the best on the validation sets,
with the weights averaged over the last steps.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from batches import Batches
from clips import load_store
from dataset import load_set
from judge import Calibration, by_image, by_recording, tracks_of
from network import LANDMARKS, VEINS, Configuration, DualNet
from objective import class_weights, loss_of
from places import place_loss
from rule import Thresholds

PLACE_SHARE = 4.0
PROVISIONAL = Thresholds(landmark=0.6, open=0.6, closed=0.7)
AVERAGE = 0.997
"""How slowly the averaged weights follow: about the last 300 steps."""
CARRIED = 0.3
"""Share of batches that begin with the memory of other clips, as when the probe is set down elsewhere."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--configuration", default="recurrent/conditioned")
    parser.add_argument("--clips", nargs="+", required=True, metavar="STORE=SHARE")
    parser.add_argument("--validation", nargs="+", required=True, help="tensor sets; only as many recordings as --judged")
    parser.add_argument("--judged", type=int, default=60)
    parser.add_argument("--out", required=True, help="folder for checkpoints")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--images", type=int, default=48_000, help="images a round")
    parser.add_argument("--batch", type=int, default=32, help="clips a step")
    parser.add_argument("--steps", type=int, default=6, help="images out of each clip")
    parser.add_argument("--rate", type=float, default=2.5e-3, help="highest learning rate")
    parser.add_argument("--start", help="checkpoint to start from: whole, or its encoder where it is of another configuration")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="more only helps where the cores are idle")
    return parser.parse_args()


def learning_rate(highest: float, progress: float) -> float:
    """A short rise, then a cosine down to a fiftieth."""
    fall = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress))
    return highest * fall * min(1.0, 0.05 + progress / 0.04)


class Average:
    """Weights averaged over steps; its normalisation takes the statistics of the network as they are."""

    def __init__(self, network: DualNet) -> None:
        self.network = copy.deepcopy(network).eval()

    @torch.no_grad()
    def follow(self, network: DualNet, step: int) -> None:
        share = 1 - min(AVERAGE, (1 + step) / (10 + step))
        for mine, theirs in zip(self.network.parameters(), network.parameters(), strict=True):
            mine.lerp_(theirs, share)
        for mine, theirs in zip(self.network.buffers(), network.buffers(), strict=True):
            mine.copy_(theirs)


class Training:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        torch.manual_seed(options.seed)
        named = [entry.rpartition("=") for entry in options.clips]
        self.stores = [load_store(folder) for folder, _, _ in named]
        self.shares = [float(share) for _, _, share in named]
        self.sets = [load_set(folder)[: options.judged] for folder in options.validation]
        self.network = DualNet(Configuration.named(options.configuration)).to(memory_format=torch.channels_last)
        if options.start:
            kept = torch.load(options.start)
            if kept["configuration"] == options.configuration:
                self.network.load_state_dict(kept["network"])
            else:
                self.network.take_encoder(kept["network"])
        self.average = Average(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=1e-3, weight_decay=0.02)
        self.weights = self.class_weights()
        self.round, self.best, self.step = 0, -math.inf, 0

    def class_weights(self):
        counted = []
        for name, values in (("landmarks", LANDMARKS), ("veins", VEINS)):
            counts = sum(
                share * np.bincount(getattr(s, name)[getattr(s, name) >= 0], minlength=len(values)) / getattr(s, name).size
                for s, share in zip(self.stores, self.shares, strict=True)
            )
            counted.append(class_weights((counts * 1e6).astype(int).tolist()))
        return tuple(counted)

    def train_round(self) -> float:
        options = self.options
        seed = options.seed * 1000 + self.round
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        batches = Batches(self.stores, self.shares, options.batch, options.steps, seed)
        steps = options.images // (options.batch * batches.steps)
        self.network.train()
        began, shown, running, state = time.time(), time.time(), None, None
        for step in range(steps):
            progress = (self.round + step / steps) / options.rounds
            for group in self.optimiser.param_groups:
                group["lr"] = learning_rate(options.rate, progress)
            batch = batches.next()
            starts = torch.zeros_like(batch.intervals)
            if state is None or rng.random() > CARRIED:
                state = self.network.state(options.batch)
            else:
                batch.intervals[0] = torch.from_numpy(rng.uniform(0.02, 0.3, options.batch).astype(np.float32))
            landmark, vein, state, maps = self.network.clip(batch.images, batch.intervals, starts, state)
            state = state.detach()[torch.from_numpy(rng.permutation(options.batch))]
            loss = loss_of(landmark, vein, batch.landmarks, batch.veins, self.weights)
            placed = sum(place_loss(said, batch.maps, batch.mapped) for said in maps)
            self.optimiser.zero_grad(set_to_none=True)
            (loss + PLACE_SHARE * placed).backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
            self.optimiser.step()
            self.average.follow(self.network, self.step)
            self.step += 1
            running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
            if time.time() - shown > 20:
                shown = time.time()
                spent = shown - began
                rate = (step + 1) * options.batch * batches.steps / spent
                left = (options.rounds - self.round) * options.images / rate - spent
                print(
                    f"{options.configuration} round {self.round + 1}/{options.rounds} {(step + 1) / steps:4.0%} loss {running:.3f} "
                    f"places {placed.item():.3f} {rate:.0f} images/s ETA {left / 60:.1f} min",
                    flush=True,
                )
        return running

    def judge(self) -> tuple[float, dict]:
        figures, score = {}, 0.0
        for recordings, folder in zip(self.sets, self.options.validation, strict=True):
            tracks = tracks_of(self.average.network, recordings)
            images, whole = by_image(tracks), by_recording(tracks, Calibration(), PROVISIONAL)
            mine = {name: round(images[name], 3) for name in ("landmarkMacroF1", "closedF1")}
            mine |= {name: round(whole[name], 3) for name in ("fullyCompressesF1", "precision", "recall")}
            score += mine["landmarkMacroF1"] + mine["closedF1"] + mine["fullyCompressesF1"] + mine["precision"]
            figures[Path(folder).name] = mine
        return score, figures

    def run(self) -> None:
        out = Path(self.options.out)
        out.mkdir(parents=True, exist_ok=True)
        if (out / "last.pt").exists():
            self.resume(torch.load(out / "last.pt"))
        while self.round < self.options.rounds:
            began = time.time()
            loss = self.train_round()
            score, figures = self.judge()
            self.round += 1
            line = {"round": self.round, "loss": round(loss, 4), "seconds": round(time.time() - began), "score": round(score, 3)}
            print(json.dumps(line | figures), flush=True)
            with open(out / "rounds.jsonl", "a") as file:
                file.write(json.dumps(line | figures) + "\n")
            if score > self.best:
                self.best = score
                save(out / "best.pt", self.options.configuration, self.average.network)
            self.keep(out / "last.pt")

    def keep(self, path: Path) -> None:
        kept = {
            "network": self.network.state_dict(),
            "average": self.average.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "round": self.round,
            "best": self.best,
            "step": self.step,
        }
        torch.save(kept, path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    def resume(self, kept: dict) -> None:
        self.network.load_state_dict(kept["network"])
        self.average.network.load_state_dict(kept["average"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.round, self.best, self.step = kept["round"], kept["best"], kept["step"]


def save(path: Path, configuration: str, network: DualNet) -> None:
    torch.save({"configuration": configuration, "network": network.state_dict()}, path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)


def load(path: str | Path) -> DualNet:
    """A network out of best.pt."""
    kept = torch.load(path)
    network = DualNet(Configuration.named(kept["configuration"]))
    network.load_state_dict(kept["network"])
    return network.eval()


if __name__ == "__main__":
    chosen = arguments()
    torch.set_num_threads(chosen.threads)
    Training(chosen).run()
