"""
Makes a trained network narrower, where most of its time goes, and teaches its encoder to see what the wide one sees: no labels,
every image is a lesson. Memory and heads stay as they are.

    python3 slim.py --teacher NETWORK.pt --widths 24,32,48 --learn FOLDER=SHARE ... --out DIR

OUT/network.pt holds the weights averaged over the last steps, OUT/sofar.pt those at any time before. calibrate.py, evaluate.py, variants.py and export.py take it.
"""

import argparse
import time
from pathlib import Path

import torch
from narrowed import narrowed
from network import EMBEDDING, DualNet
from replay import Replay
from sight import Sight, sight
from streams import Streams
from torch import Tensor, nn
from train import Average, add_learning, device_of, learning_rate, library_of, load, save

MAPS_SHARE, FEATURES_SHARE = 0.5, 0.5


def readers_of(network: DualNet) -> Tensor:
    """[R, EMBEDDING]: the rows of memory and heads that read the embedding. What none of them reads need not be learned."""
    (trunk,) = network.trunks
    parts = [trunk.temporal.from_input.weight[:, :EMBEDDING]]
    for head in (network.landmark_head, network.vein_head):
        parts.append(head[0].weight[:, trunk.size - EMBEDDING : trunk.size])
    return torch.cat(parts).detach()


def missed(mine: Tensor, theirs: Tensor) -> Tensor:
    """Share of the variance that is not told."""
    return (mine - theirs).square().mean() / theirs.var()


def difference(told: Sight, taught: Sight, readers: Tensor) -> tuple[Tensor, float]:
    """What is learned from, and of what is read of the embedding the share that the student does not tell."""
    read = missed(told.embedding @ readers.T, taught.embedding @ readers.T)
    features = missed(told.near, taught.near) + missed(told.far, taught.far)
    maps = nn.functional.binary_cross_entropy_with_logits(told.maps, taught.maps.sigmoid())
    return missed(told.embedding, taught.embedding) + read + FEATURES_SHARE * features + MAPS_SHARE * maps, read.item()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_learning(parser)
    parser.add_argument("--teacher", required=True, help="checkpoint of a recurrent network with one trunk")
    parser.add_argument("--start", help="checkpoint of a narrowed network to go on from")
    parser.add_argument("--widths", default="24,32,48", help="channels kept: of the first convolution and in the two blocks")
    parser.add_argument("--images", type=int, default=1_200_000, help="images to learn from, again included")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--again", type=int, default=3, help="images shown again for each new one")
    parser.add_argument("--kept", type=int, default=60_000, help="images kept to be shown again, 55 KB each")
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    device = device_of()
    teacher = load(options.teacher).to(device, memory_format=torch.channels_last)
    widths = tuple(int(count) for count in options.widths.split(","))
    student = (load(options.start) if options.start else narrowed(teacher, widths)).to(device, memory_format=torch.channels_last)
    average, readers = Average(student), readers_of(teacher)
    (mine,), (theirs,) = (network.trunks for network in (student, teacher))
    optimiser = torch.optim.AdamW(mine.encoder.parameters(), lr=1e-3, weight_decay=0.01)
    streams = Streams(library_of(options).sequences(), options.rows, options.steps, options.seed)
    replay = Replay(theirs.encoder, options.kept, device)
    began, shown, running = time.time(), time.time(), 1.0
    new, drawn = max(1, options.batch // (1 + options.again)), []
    steps = max(1, options.images // options.batch)
    for step in range(steps):
        progress = step / steps
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(options.rate, progress)
        if not drawn:
            images = streams.next().images.flatten(0, 1)
            drawn = list(images[torch.randperm(len(images), device=device)].split(new))
        at = torch.cat([replay.add(drawn.pop()), replay.some(options.batch - new)])
        loss, share = difference(sight(mine.encoder, replay.shown(at)), replay.taught(at), readers)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(mine.encoder.parameters(), 2.0)
        optimiser.step()
        average.follow(student, step)
        running += 0.02 * (share - running)
        if time.time() - shown > 20:
            shown = time.time()
            rate = (step + 1) * options.batch / (shown - began)
            left = (steps - step - 1) * options.batch / rate / 60
            save(options.out / "sofar.pt", teacher.configuration.name, average.network)
            print(f"{progress:4.0%} of what is read {running:.4f} missed, {rate:.0f} images/s ETA {left:.1f} min", flush=True)
    save(options.out / "network.pt", teacher.configuration.name, average.network)
    print(f"{steps * options.batch} images, of what is read {running:.4f} missed")


if __name__ == "__main__":
    main()
