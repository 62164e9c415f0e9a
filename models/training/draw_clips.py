"""
Draws training clips. Complete parts are kept, so it can be stopped and started again.

    python3 draw_clips.py sketch OUT --seed N --clips N [--share K --of N]      out of the sketched world (sketch.py)
    python3 draw_clips.py stills OUT --seed N --clips N --stills DIR            real stills, animated (stills.py)
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from clips import STEPS, Plan, Strip, pick_frames, write_store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("world", choices=("sketch", "stills"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--clips", type=int, required=True)
    parser.add_argument("--steps", type=int, default=STEPS, help="images of each clip")
    parser.add_argument("--share", type=int, default=0)
    parser.add_argument("--of", type=int, default=1)
    parser.add_argument("--stills", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    began = time.time()

    def say(done: int) -> None:
        spent = time.time() - began
        print(f"{options.out.name}: clip {done} of {options.clips}, {spent / 60:.1f} min", flush=True)

    write_store(options.out, Plan(options.clips, options.steps, options.share, options.of), world(options), say)


def world(options: argparse.Namespace):
    if options.world == "sketch":
        from sketch import visible_sketch

        def of_sketch(number: int) -> Strip:
            recording = visible_sketch(options.seed * 1_000_003 + number)
            return recording.strip(pick_frames(recording.rng, recording.motion.times_ms, options.steps))

        return of_sketch
    from stills import Part, Stills

    stills = Stills(options.stills, Part.TRAIN)

    def of_still(number: int) -> Strip:
        recording = stills.recording(np.random.default_rng(options.seed * 1_000_003 + number))
        return recording.strip(pick_frames(recording.rng, recording.motion.times_ms, options.steps))

    return of_still


if __name__ == "__main__":
    main()
