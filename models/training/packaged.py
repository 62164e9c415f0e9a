"""A model package as it is shipped, run along whole recordings in ONNX Runtime: what a variant in 8 bits answers, no checkpoint says."""

import json
from pathlib import Path

import numpy as np
from dataset import Recording, intervals_of
from judge import Calibration, Track
from rule import Thresholds


class Packaged:
    """
    @param folder with model.onnx and manifest.json, as export.py and seal.ts write it
    @param provider whose graph is run, on the CPU: a variant in 8 bits is that of "cpu", "" has none and runs model.onnx
    """

    def __init__(self, folder: Path, provider: str = "cpu") -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        manifest = json.loads((folder / "manifest.json").read_text())
        variants = [one["model"] for one in manifest.get("variants", []) if provider in one["providers"]]
        graph = folder / [*variants, "model.onnx"][0]
        self.session = onnxruntime.InferenceSession(str(graph), options, ["CPUExecutionProvider"])
        if not manifest["state"] or "interval" not in manifest:
            raise SystemExit(f"{folder}: only networks that carry a state from image to image are judged here")
        (self.state,) = manifest["state"]
        self.calibration = Calibration(**{name: manifest["outputs"][name]["temperature"] for name in ("landmark", "vein")})
        self.thresholds = Thresholds(**manifest["thresholds"])

    def track(self, recording: Recording) -> Track:
        """Carries the state from the first image to the last, as the box does."""
        state, answers = np.zeros(self.state["shape"], np.float32), []
        for image, interval in zip(recording.images, intervals_of(recording.times_ms), strict=True):
            fed = {
                "image": image[None, None].astype(np.float32) / 255,
                "interval": np.full((1, 1), interval, np.float32),
                self.state["input"]: state,
            }
            landmark, vein, state = self.session.run(["landmark", "vein", self.state["output"]], fed)
            answers.append((landmark[0], vein[0]))
        landmark, vein = (np.stack(parts) for parts in zip(*answers, strict=True))
        return Track(recording, landmark, vein)
