"""
The comparison's contender in Python: OpenCV for the pixels, cv2.dnn for the network, in float32. Where cv2.dnn does not load the
network as it is shipped, it is given the part that sees (the convolutions and what follows up to the embedding), with the same weights;
the brightness before it and the recurrent part behind it are done in numpy. Says which of the two it is.

Speaks the same lines of JSON as serve.ts.
"""

import base64
import json
import sys
import time

import cv2
import numpy as np
from onnx_parts import Onnx

SEES_FROM, SEES_TO = "/trunks.0/encoder/Div_output_0", "/trunks.0/encoder/Relu_output_0"
TEMPORAL = "/trunks.0/temporal/"


def softmax(values, temperature):
    powers = np.exp((values - values.max()) / temperature)
    return powers / powers.sum()


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


class Whole:
    """The network as it is shipped, in cv2.dnn."""

    def __init__(self, spec):
        self.spec, self.net = spec, cv2.dnn.readNetFromONNX(spec["plain"])
        self.about = "cv2.dnn"
        self.reset()

    def reset(self):
        self.state = {one["input"]: np.zeros(one["shape"], np.float32) for one in self.spec["state"]}

    def run(self, image, interval_ms):
        spec, outputs = self.spec, self.spec["outputs"]
        self.net.setInput(image[None, None], spec["input"]["name"])
        if spec["interval"]:
            self.net.setInput(np.full((1, 1), interval_ms / 1000, np.float32), spec["interval"])
        for name, values in self.state.items():
            self.net.setInput(values, name)
        names = [outputs["landmark"]["name"], outputs["vein"]["name"], *(one["output"] for one in spec["state"])]
        landmark, vein, *state = (np.array(blob) for blob in self.net.forward(names))
        self.state = {one["input"]: values for one, values in zip(spec["state"], state)}
        return landmark.ravel(), vein.ravel()


class Parts:
    """The part that sees in cv2.dnn, the rest in numpy; for networks built like phlebox-dual 0.4.0 and 0.5.0."""

    def __init__(self, spec, graph, why):
        onnx = Onnx(graph)
        height, width = spec["input"]["height"], spec["input"]["width"]
        self.net = cv2.dnn.readNetFromONNX(onnx.part(SEES_FROM, (1, 1, height, width), SEES_TO, (1, 128)))
        self.about = f"network in parts, cv2.dnn does not load it whole: {why}"

        def value(name):
            return onnx.value(name).squeeze()

        self.least = value("/trunks.0/encoder/Constant_output_0")
        self.decay = value(TEMPORAL + "Constant_5_output_0")
        self.clip = [value(TEMPORAL + f"Constant{place}_output_0") for place in ("", "_1")]
        self.shifts = [value(TEMPORAL + f"Constant_{place}_output_0") for place in (2, 3)]
        self.from_input = value("onnx::MatMul_263"), value("trunks.0.temporal.from_input.bias")
        self.from_state = value("trunks.0.temporal.from_state.weight").T.copy(), value("trunks.0.temporal.from_state.bias")
        heads = [(264, "landmark_head.0"), (265, "landmark_head.2"), (266, "vein_head.0"), (267, "vein_head.2")]
        self.heads = [(value(f"onnx::MatMul_{number}"), value(f"{name}.bias")) for number, name in heads]
        self.reset()

    def reset(self):
        self.state = np.zeros(128, np.float32)

    def run(self, image, interval_ms):
        centred = image - image.mean()
        self.net.setInput((centred / np.sqrt((centred * centred).mean() + self.least))[None, None])
        seen = self.net.forward()[0]
        interval = np.log(np.clip(interval_ms / 1000, *self.clip) + self.shifts[0]) + self.shifts[1]
        before = self.state * self.decay
        weights, bias = self.from_input
        given = np.append(seen, interval).astype(np.float32) @ weights + bias
        weights, bias = self.from_state
        carried = before @ weights + bias
        update, forget = sigmoid(given[:128] + carried[:128]), sigmoid(given[128:256] + carried[128:256])
        fresh = np.tanh(given[256:] + forget * carried[256:])
        self.state = fresh + update * (before - fresh)
        known = np.concatenate([self.state, seen])
        (w0, b0), (w1, b1), (w2, b2), (w3, b3) = self.heads
        landmark = np.maximum(known @ w0 + b0, 0) @ w1 + b1
        vein = np.maximum(np.concatenate([known, landmark]) @ w2 + b2, 0) @ w3 + b3
        return landmark, vein


def network(spec):
    try:
        return Whole(spec)
    except cv2.error as error:
        lines = [line for line in str(error).splitlines() if "Node [" in line] or [str(error)]
        why = lines[0].replace("> ", "").split(" parse error")[0]
        with open(spec["plain"], "rb") as file:
            graph = file.read()
        try:
            return Parts(spec, graph, why)
        except KeyError as missing:
            raise RuntimeError(f"cv2.dnn does not load this network ({why}), and it has no {missing} to part it at") from error


class Contender:
    def __init__(self, spec):
        cv2.setNumThreads(1)
        self.spec, frame = spec, spec["frame"]
        channels = 2 if frame["pixelFormat"] == "YUYV" else 1
        shape = (spec["count"], frame["height"], frame["width"], channels)
        self.frames = np.fromfile(spec["frames"], np.uint8).reshape(shape)
        self.network = network(spec)
        self.next = 0

    def step(self, interval_ms):
        spec, roi = self.spec, self.spec["roi"]
        frame = self.frames[self.next % spec["count"]]
        self.next += 1
        area = frame[roi["y"] : roi["y"] + roi["height"], roi["x"] : roi["x"] + roi["width"]]
        grey = cv2.cvtColor(area, cv2.COLOR_YUV2GRAY_YUY2) if area.shape[2] == 2 else area[:, :, 0]
        size = (spec["input"]["width"], spec["input"]["height"])
        self.image = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        landmark, vein = self.network.run(self.image, interval_ms)
        outputs = spec["outputs"]
        self.answer = np.concatenate(
            [softmax(landmark, outputs["landmark"]["temperature"]), softmax(vein, outputs["vein"]["temperature"])]
        )

    def ready(self, _):
        arithmetic = "" if self.spec["plain"] == self.spec["model"] else " in float32"
        return {"about": f"OpenCV {cv2.__version__} in Python{arithmetic}; {self.network.about}"}

    def show(self, request):
        seen = {**request["seen"], "inputs": [], "answers": []}
        while self.next % self.spec["count"] != seen["start"]:
            self.step(0)
        self.network.reset()
        for interval_ms in seen["intervals"]:
            self.step(interval_ms)
            seen["inputs"].append(base64.b64encode(self.image.tobytes()).decode())
            seen["answers"].append([float(value) for value in self.answer])
        return seen

    def run(self, request):
        for _ in range(request["leadIn"]):
            self.step(request["intervalMs"])
        times = np.zeros(request["frames"])
        for place in range(len(times)):
            start = time.perf_counter()
            self.step(request["intervalMs"])
            times[place] = (time.perf_counter() - start) * 1000
        return {"times": base64.b64encode(times.tobytes()).decode()}


def main():
    try:
        contender = Contender(json.loads(sys.argv[1]))
        for line in sys.stdin:
            request = json.loads(line)
            print(json.dumps(getattr(contender, request["ask"])(request)), flush=True)
    except Exception as error:
        print(json.dumps({"error": str(error).splitlines()[0]}), flush=True)


main()
