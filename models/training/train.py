"""
Trains one configuration on streams out of stores of clips and sets of recordings; judges it on whole recordings.

    python3 train.py --configuration recurrent/conditioned --learn FOLDER=SHARE ... --validation SET ... --out DIR

Uses a GPU where PyTorch finds one. OUT/network.pt holds the weights averaged over the last steps, OUT/last.pt all it takes to go
on when started again; both are written after each round.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from dataset import load_set
from judge import Calibration, by_image, by_recording, tracks_of
from network import LANDMARKS, VEINS, WIDTHS, Configuration, DualNet, Encoder
from objective import Objective, class_weights
from places import place_loss
from rule import Thresholds
from sequences import Library, Sequences
from streams import Streams

PLACE_SHARE = 4.0
PROVISIONAL = Thresholds(landmark=0.6, open=0.6, closed=0.7)
AVERAGE = 0.997
"""How slowly the averaged weights follow: about the last 300 steps."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--configuration", default="recurrent/conditioned")
    add_learning(parser)
    parser.add_argument("--validation", nargs="*", default=[], help="tensor sets, judged after each round")
    parser.add_argument("--judged", type=int, default=60, help="recordings of each validation set")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--images", type=int, default=48_000, help="images a round")
    parser.add_argument("--start", help="checkpoint to start from: whole, or its encoder where it is of another configuration")
    parser.add_argument("--growing", action="store_true", help="look for new parts of what it learns from after each round")
    parser.set_defaults(encoder_only=False)
    return parser.parse_args()


def add_learning(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--learn", nargs="+", required=True, metavar="FOLDER=SHARE", help="stores of clips, tensor sets")
    parser.add_argument("--rows", type=int, default=32, help="streams side by side")
    parser.add_argument("--steps", type=int, default=6, help="images of each stream a step of learning")
    parser.add_argument("--rate", type=float, default=2.5e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="on the CPU; more only helps where the cores are idle")


def device_of() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def library_of(options: argparse.Namespace) -> Library:
    named = [entry.rpartition("=") for entry in options.learn]
    return Library([(Path(folder), float(share)) for folder, _, share in named], device_of())


def learning_rate(highest: float, progress: float) -> float:
    """A short rise, then a cosine down to a hundredth."""
    fall = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress))
    return highest * fall * min(1.0, 0.05 + progress / 0.03)


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


def halve(encoder: Encoder) -> None:
    """The encoder counts in bfloat16, which a GPU does in half the time; memory is carried on in float32."""
    whole = encoder.forward

    def forward(images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        with torch.autocast("cuda", torch.bfloat16):
            embedding, maps = whole(images)
        return embedding.float(), maps.float()

    encoder.forward = forward


class Training:
    """@param options of add_learning, and configuration, start, rounds and images"""

    def __init__(self, options: argparse.Namespace, sequences: Sequences) -> None:
        self.options, self.device = options, device_of()
        torch.manual_seed(options.seed)
        self.network = DualNet(Configuration.named(options.configuration))
        if options.start:
            kept = torch.load(options.start, map_location="cpu")
            if kept["configuration"] == options.configuration and not options.encoder_only:
                self.network.load_state_dict(kept["network"])
            else:
                self.network.take_encoder(kept["network"])
        self.network.to(self.device, memory_format=torch.channels_last)
        self.average = Average(self.network)
        if self.device.type == "cuda":
            for trunk in self.network.trunks:
                halve(trunk.encoder)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=1e-3, weight_decay=0.02)
        self.round, self.step = 0, 0
        self.take(sequences)

    def take(self, sequences: Sequences) -> None:
        self.sequences = sequences
        self.objective = Objective(
            class_weights(sequences.counts(sequences.landmarks, len(LANDMARKS))),
            class_weights(sequences.counts(sequences.veins, len(VEINS))),
            self.device,
        )

    def train_round(self) -> float:
        options = self.options
        seed = options.seed * 1000 + self.round
        torch.manual_seed(seed)
        streams = Streams(self.sequences, options.rows, options.steps, seed)
        steps = max(1, options.images // (options.rows * options.steps))
        self.network.train()
        state = self.network.state(options.rows)
        began, shown, running = time.time(), time.time(), None
        for step in range(steps):
            progress = (self.round + step / steps) / options.rounds
            for group in self.optimiser.param_groups:
                group["lr"] = learning_rate(options.rate, progress)
            loss, state = self.learn(streams, state)
            running = loss if running is None else running.lerp(loss, 0.02)
            if time.time() - shown > 20:
                shown = time.time()
                rate = (step + 1) * options.rows * options.steps / (shown - began)
                left = (options.rounds - self.round) * options.images / rate - (shown - began)
                print(
                    f"{options.configuration} round {self.round + 1}/{options.rounds} {(step + 1) / steps:4.0%} "
                    f"loss {running.item():.3f} {rate:.0f} images/s ETA {left / 60:.1f} min",
                    flush=True,
                )
        self.round += 1
        return running.item()

    def learn(self, streams: Streams, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """One step; gives the loss and the memory of each stream."""
        batch = streams.next()
        landmark, vein, state, maps = self.network.clip(batch.images, batch.intervals, batch.starts, state)
        loss = self.objective(landmark, vein, batch.landmarks, batch.veins)
        placed = sum(place_loss(said, batch.maps, batch.mapped) for said in maps)
        self.optimiser.zero_grad(set_to_none=True)
        (loss + PLACE_SHARE * placed).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        self.average.follow(self.network, self.step)
        self.step += 1
        return loss.detach(), state.detach()

    def keep(self, out: Path) -> None:
        save(out / "network.pt", self.options.configuration, self.average.network)
        kept = {
            "network": self.network.state_dict(),
            "average": self.average.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "round": self.round,
            "step": self.step,
        }
        torch.save(kept, out / "last.part")
        (out / "last.part").rename(out / "last.pt")

    def resume(self, path: Path) -> None:
        kept = torch.load(path, map_location=self.device)
        self.network.load_state_dict(kept["network"])
        self.average.network.load_state_dict(kept["average"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.round, self.step = kept["round"], kept["step"]


def judge(network: DualNet, sets: dict[str, list]) -> dict:
    figures = {}
    for name, recordings in sets.items():
        tracks = tracks_of(network, recordings)
        images, whole = by_image(tracks), by_recording(tracks, Calibration(), PROVISIONAL)
        figures[name] = {key: round(images[key], 3) for key in ("landmarkMacroF1", "closedF1")}
        figures[name] |= {key: round(whole[key], 3) for key in ("fullyCompressesF1", "precision", "recall")}
    return figures


def save(path: Path, configuration: str, network: DualNet) -> None:
    weights = {name: value.cpu() for name, value in network.state_dict().items()}
    torch.save({"configuration": configuration, "widths": network.widths, "network": weights}, path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)


def load(path: str | Path) -> DualNet:
    """A network out of network.pt."""
    kept = torch.load(path, map_location="cpu")
    network = DualNet(Configuration.named(kept["configuration"]), kept.get("widths", WIDTHS))
    network.load_state_dict(kept["network"])
    return network.eval()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    sets = {Path(folder).name: load_set(folder)[: options.judged] for folder in options.validation}
    library = library_of(options)
    training = Training(options, library.sequences())
    if (options.out / "last.pt").exists():
        training.resume(options.out / "last.pt")
    while training.round < options.rounds:
        began = time.time()
        line = {"loss": round(training.train_round(), 4), "seconds": round(time.time() - began)}
        line = {"round": training.round, "sequences": len(training.sequences.first)} | line
        training.keep(options.out)
        line |= judge(training.average.network, sets)
        print(json.dumps(line), flush=True)
        with open(options.out / "rounds.jsonl", "a") as file:
            file.write(json.dumps(line) + "\n")
        if options.growing and training.round < options.rounds:
            training.take(library.sequences())


if __name__ == "__main__":
    main()
