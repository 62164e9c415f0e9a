"""
Makes variants of a trained network that may run faster, each a package of its own beside the shipped one:

    lean   the same weights in fewer operators: float32, answers equal to rounding
    int8   lean with its convolutions in 8 bits, calibrated on images, and the embedding's matrix in 8 bits
    fp16   lean in half floats, for GPUs; a processor without half-float arithmetic converts and is slower

    python3 variants.py --checkpoint NETWORK.pt --package SHIPPED --images SET [SET ...] --into FOLDER [--add int8]

Then `node --import tsx models/training/seal.ts FOLDER/lean`, `phlebox evaluate SET --model FOLDER/lean` and
`node --import tsx models/training/speed.ts SHIPPED FOLDER/lean ...` say what each is worth. With `--add` the int8 graph goes into
the shipped package too, for the CPU; seal.ts has to seal that package again. Needs, beyond what training needs, onnx and
onnxruntime (1.23 and 1.30 were used): `pip install onnx onnxruntime`.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from dataset import load_set
from network import SIDE, DualNet
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import convert_float_to_float16
from temporal import Recurrent, pace
from torch import Tensor, nn
from train import load

OPSET = 17
CALIBRATION_IMAGES = 512


class Lean(nn.Module):
    """
    One image of a network with one trunk and a recurrent memory. The same arithmetic as DualNet.forward: normalisation as the one
    operator it is (the faster of two that fit), no dimensions for time and clips, the largest of a channel as pooling.
    """

    def __init__(self, network: DualNet) -> None:
        super().__init__()
        (trunk,) = network.trunks
        if not isinstance(trunk.temporal, Recurrent):
            raise SystemExit(f"variants are made of recurrent networks, not of {network.configuration.name}")
        self.network, self.encoder, self.temporal = network, trunk.encoder, trunk.temporal
        self.told = network.configuration.sharing == "conditioned"

    def forward(self, image: Tensor, interval: Tensor, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        encoder, temporal = self.encoder, self.temporal
        near = encoder.near(nn.functional.instance_norm(image, eps=1e-3))
        far = encoder.far(near)
        maps = torch.sigmoid(encoder.near_places(near) + encoder.far_places(far))
        largest = nn.functional.adaptive_max_pool2d(far, 1)
        seen = torch.cat([encoder.squeeze(far).flatten(1), largest.flatten(1), maps.flatten(1)], 1)
        embedding = torch.relu(encoder.embed(seen))
        update_x, reset_x, fresh_x = temporal.from_input(torch.cat([embedding, pace(interval)], 1)).chunk(3, 1)
        update_h, reset_h, fresh_h = temporal.from_state(state).chunk(3, 1)
        fresh = torch.tanh(fresh_x + torch.sigmoid(reset_x + reset_h) * fresh_h)
        state = fresh + torch.sigmoid(update_x + update_h) * (state - fresh)
        known = torch.cat([state, embedding], 1)
        landmark = self.network.landmark_head(known)
        return landmark, self.network.vein_head(torch.cat([known, landmark], 1) if self.told else known), state


def write_lean(network: DualNet, path: Path) -> None:
    which = {} if torch.__version__.startswith("1.") else {"dynamo": False}
    inputs = (torch.zeros(1, 1, SIDE, SIDE), torch.zeros(1, 1), torch.zeros(1, network.state_size))
    torch.onnx.export(
        Lean(network).eval().to(memory_format=torch.contiguous_format),
        inputs,
        str(path),
        opset_version=OPSET,
        input_names=["image", "interval", "state"],
        output_names=["landmark", "vein", "next_state"],
        **which,
    )


class Images(CalibrationDataReader):
    """As many images of each tensor set, at even steps through its recordings."""

    def __init__(self, folders: list[str], state: int) -> None:
        sets = [np.concatenate([one.images for one in load_set(folder)]) for folder in folders]
        images = np.concatenate([images[:: max(1, len(images) // CALIBRATION_IMAGES)] for images in sets])
        known = {"interval": np.full((1, 1), 0.04, np.float32), "state": np.zeros((1, state), np.float32)}
        self.rows = iter([{"image": image[None, None].astype(np.float32) / 255, **known} for image in images])

    def get_next(self) -> dict | None:
        return next(self.rows, None)


def write_int8(lean: Path, path: Path, images: Images) -> None:
    """
    Activations in u8, weights in 7 bits a channel: processors without VNNI add two products in 16 bits, which 8 bits overflow. The
    embedding's matrix is too large for the nearest caches: reading a quarter of the bytes is what it gains. Of all values of a tensor
    one in 100,000 may be cut off: on validation sets that answers more like float32 than its full range does.
    """
    prepared, convolved = path.with_name("prepared.onnx"), path.with_name("convolved.onnx")
    quant_pre_process(str(lean), str(prepared))
    nodes = onnx.load(prepared).graph.node
    # The first convolution has one channel, of which the 8-bit kernel makes little; additions outside the encoder are few.
    first = next(node.name for node in nodes if node.op_type == "Conv")
    outside = [node.name for node in nodes if node.op_type in ("Add", "Relu") and not node.name.startswith(("/near", "/far"))]
    quantize_static(
        str(prepared),
        str(convolved),
        images,
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Relu", "Add"],
        nodes_to_exclude=[first, *outside],
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        calibrate_method=CalibrationMethod.Percentile,
        extra_options={"CalibPercentile": 99.999},
    )
    # The dynamic quantiser makes a MatMul of each Gemm and names it so; without a name it would take them all.
    (embedding,) = (node.name for node in onnx.load(convolved).graph.node if node.op_type == "Gemm" and "embed" in node.name)
    quantize_dynamic(
        str(convolved),
        str(path),
        op_types_to_quantize=["MatMul"],
        nodes_to_quantize=[f"{embedding}_MatMul"],
        per_channel=True,
        reduce_range=True,
    )
    prepared.unlink()
    convolved.unlink()


def write_package(shipped: Path, package: Path, variant: str) -> None:
    """Everything but the graph, which lies there already; the golden outputs are seal.ts's."""
    shutil.copy(shipped / "golden.u8", package / "golden.u8")
    manifest = json.loads((shipped / "manifest.json").read_text())
    for key in ("sha256", "variants"):
        manifest.pop(key, None)
    manifest["name"] = f"{manifest['name']}-{variant}"
    (package / "manifest.json").write_text(json.dumps(manifest, indent="\t") + "\n")


def add_int8(package: Path, graph: Path) -> None:
    """
    The graph as the package's variant for the CPU. Its tolerance is wider than that of the graph in float32: on another
    processor a float that differs in its last bit can be rounded to another one of 256 steps (test/package/arm64: up to 0.015).
    """
    shutil.copy(graph, package / "model-int8.onnx")
    path = package / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["variants"] = [{"providers": ["cpu"], "model": "model-int8.onnx", "goldenOutputs": "golden-int8.f32", "tolerance": 0.05}]
    path.write_text(json.dumps(manifest, indent="\t") + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--package", type=Path, required=True, help="shipped package of the same network")
    parser.add_argument("--images", required=True, nargs="+", help="tensor sets to calibrate int8 with, of no recording that judges")
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--add", choices=("int8",), help="variant that the shipped package is to have for the CPU")
    options = parser.parse_args()
    network = load(options.checkpoint)
    paths = {variant: options.into / variant / "model.onnx" for variant in ("lean", "int8", "fp16")}
    for variant, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_package(options.package, path.parent, variant)
    write_lean(network, paths["lean"])
    write_int8(paths["lean"], paths["int8"], Images(options.images, network.state_size))
    onnx.save(convert_float_to_float16(onnx.load(paths["lean"]), keep_io_types=True), str(paths["fp16"]))
    if options.add:
        add_int8(options.package, paths[options.add])
    for variant, path in paths.items():
        print(f"{variant}: {path.stat().st_size} bytes, {len(onnx.load(path).graph.node)} operators")


if __name__ == "__main__":
    main()
