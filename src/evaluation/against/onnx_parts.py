"""
What a comparison needs of an ONNX file, so that it takes no other package than OpenCV's: the value of a constant, and a part of
the graph as a file of its own. The few messages of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto that this takes.
"""

import numpy as np

KINDS = {1: np.float32, 6: np.int32, 7: np.int64, 11: np.float64}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Of a message: number, bytes or whole number, and the field as it stands there."""
    at = 0
    while at < len(data):
        start = at
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = data[at : at + size], at + size
        yield key >> 3, value, data[start:at]


def written(number, value):
    def whole(value):
        out = bytearray()
        while value > 127:
            out.append(value & 127 | 128)
            value >>= 7
        return bytes([*out, value])

    if isinstance(value, int):
        return whole(number << 3) + whole(value)
    return whole(number << 3 | 2) + whole(len(value)) + value


def tensor(data):
    shape, kind, raw, floats = [], 1, b"", []
    for number, value, _ in fields(data):
        if number == 1 and isinstance(value, int):
            shape.append(value)
        elif number == 1:
            at = 0
            while at < len(value):
                side, at = varint(value, at)
                shape.append(side)
        elif number == 2:
            kind = value
        elif number == 4:
            floats.append(value)
        elif number == 9:
            raw = value
    return np.frombuffer(raw or b"".join(floats), KINDS[kind]).reshape(shape)


class Onnx:
    def __init__(self, data):
        self.head = b"".join(field for number, _, field in fields(data) if number != 7)
        graph = next(value for number, value, _ in fields(data) if number == 7)
        self.nodes, self.weights, self.constants = [], {}, {}
        for number, value, field in fields(graph):
            if number == 1:
                self._node(value, field)
            elif number == 5:
                name = next(text for place, text, _ in fields(value) if place == 8).decode()
                self.weights[name] = (value, field)

    def _node(self, data, field):
        inputs = [value.decode() for number, value, _ in fields(data) if number == 1]
        outputs = [value.decode() for number, value, _ in fields(data) if number == 2]
        self.nodes.append((inputs, outputs, field))
        if not inputs:
            attribute = next(value for number, value, _ in fields(data) if number == 5)
            self.constants[outputs[0]] = next((value for number, value, _ in fields(attribute) if number == 5), None)

    def value(self, name):
        """Of a weight or a constant, by its name in the graph; raises KeyError for one that is not there."""
        return tensor(self.constants[name] if name in self.constants else self.weights[name][0])

    def part(self, from_name, from_shape, to_name, to_shape):
        """The nodes that lead from one value to another, as an ONNX file."""
        wanted, kept, weights = {to_name}, [], set()
        for inputs, outputs, field in reversed(self.nodes):
            if wanted.isdisjoint(outputs) or from_name in outputs:
                continue
            kept.append(field)
            wanted.update(inputs)
            weights.update(name for name in inputs if name in self.weights)
        graph = b"".join(
            [
                *reversed(kept),
                written(2, b"part"),
                *(self.weights[name][1] for name in sorted(weights)),
                written(11, value_info(from_name, from_shape)),
                written(12, value_info(to_name, to_shape)),
            ]
        )
        return self.head + written(7, graph)


def value_info(name, shape):
    sides = b"".join(written(1, written(1, side)) for side in shape)
    return written(1, name.encode()) + written(2, written(1, written(1, 1) + written(2, sides)))
