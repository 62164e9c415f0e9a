"""
Makes a trained network narrower within its residual blocks, where most of the time goes, and teaches its encoder to see what
the wide one sees: no labels, every image is a lesson. Memory and heads stay as they are.

    python3 slim.py --teacher NETWORK.pt --middles 24,40 --learn FOLDER=SHARE ... --out DIR

OUT/network.pt holds the weights averaged over the last steps. calibrate.py, evaluate.py, variants.py and export.py take it.
"""

import argparse
import time
from pathlib import Path

import torch
from network import DualNet, Encoder, Residual
from streams import Streams
from torch import Tensor, nn
from train import Average, add_learning, device_of, learning_rate, library_of, load, save

MAPS_SHARE, FEATURES_SHARE = 0.5, 0.5


def kept_channels(wide: Residual, middle: int) -> Tensor:
    """Places of the channels that say most to the second convolution, for weights that have seen normalised input."""
    scale = wide.first[1].weight.abs() + wide.first[1].bias.clamp(min=0)
    weight = wide.second[0].weight.square().sum((0, 2, 3)).sqrt()
    return torch.topk(scale * weight, middle).indices.sort().values


@torch.no_grad()
def narrowed(teacher: DualNet, middles: tuple[int, int]) -> DualNet:
    """The teacher without its least channels."""
    student = DualNet(teacher.configuration, middles)
    weights = dict(teacher.state_dict())
    for number, trunk in enumerate(teacher.trunks):
        for block, wide, middle in (("near.2", trunk.encoder.near[2], middles[0]), ("far.1", trunk.encoder.far[1], middles[1])):
            prefix, kept = f"trunks.{number}.encoder.{block}", kept_channels(wide, middle)
            for name, value in list(weights.items()):
                if name.startswith(f"{prefix}.first.") and value.dim() > 0:
                    weights[name] = value[kept]
                elif name == f"{prefix}.second.0.weight":
                    weights[name] = value[:, kept]
    student.load_state_dict(weights)
    # What is taught has to be what is used: normalisation stays as the teacher's, a fixed scale for each channel to learn from.
    return student.eval()


def seen(encoder: Encoder, images: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """[N, 1, 128, 128] to what both blocks give, the embedding and the maps; as Encoder.forward, which keeps the first two."""
    inner: dict[str, Tensor] = {}
    hooks = [
        part.register_forward_hook(lambda _module, _inputs, given, name=name: inner.update({name: given}))
        for name, part in (("near", encoder.near), ("far", encoder.far))
    ]
    embedding, maps = encoder(images)
    for hook in hooks:
        hook.remove()
    return inner["near"], inner["far"], embedding, maps


def difference(student: Encoder, teacher: Encoder, images: Tensor) -> tuple[Tensor, float]:
    """What is learned from, and of it the share of the embedding's variance that the student does not tell."""
    with torch.no_grad():
        taught = seen(teacher, images)
    told = seen(student, images)

    def missed(mine: Tensor, theirs: Tensor) -> Tensor:
        return (mine - theirs).square().mean() / theirs.var()

    near, far, embedding = (missed(mine, theirs) for mine, theirs in zip(told[:3], taught[:3], strict=True))
    maps = nn.functional.binary_cross_entropy_with_logits(told[3], taught[3].sigmoid())
    return embedding + FEATURES_SHARE * (near + far) + MAPS_SHARE * maps, embedding.item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_learning(parser)
    parser.add_argument("--teacher", required=True, help="checkpoint of a network with one trunk")
    parser.add_argument("--middles", default="24,40", help="channels kept in the two blocks: NEAR,FAR")
    parser.add_argument("--images", type=int, default=600_000)
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    device = device_of()
    near, far = (int(count) for count in options.middles.split(","))
    teacher = load(options.teacher).to(device, memory_format=torch.channels_last)
    student = narrowed(teacher, (near, far)).to(device, memory_format=torch.channels_last)
    average = Average(student)
    (mine,), (theirs,) = (network.trunks for network in (student, teacher))
    optimiser = torch.optim.AdamW(mine.encoder.parameters(), lr=1e-3, weight_decay=0.01)
    streams = Streams(library_of(options).sequences(), options.rows, options.steps, options.seed)
    began, shown, running = time.time(), time.time(), None
    batch = options.rows * options.steps
    steps = max(1, options.images // batch)
    for step in range(steps):
        progress = step / steps
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(options.rate, progress)
        images = streams.next().images.flatten(0, 1).unsqueeze(1).contiguous(memory_format=torch.channels_last)
        loss, missed = difference(mine.encoder, theirs.encoder, images)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(mine.encoder.parameters(), 2.0)
        optimiser.step()
        average.follow(student, step)
        running = missed if running is None else running + 0.02 * (missed - running)
        if time.time() - shown > 20:
            shown = time.time()
            rate = (step + 1) * batch / (shown - began)
            left = (steps - step - 1) * batch / rate / 60
            print(f"{progress:4.0%} of the embedding missed {running:.4f}, {rate:.0f} images/s ETA {left:.1f} min", flush=True)
    save(options.out / "network.pt", teacher.configuration.name, average.network)
    print(f"{steps * batch} images, of the embedding missed {running:.4f}")


if __name__ == "__main__":
    main()
