/**
 * Writes small ONNX files, so that tests need no other tool: the few messages of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto that a graph of float32 tensors takes.
 */
export interface TensorSpec {
	name: string;
	shape: (number | string)[];
}

export interface NodeSpec {
	op: string;
	inputs: string[];
	outputs: string[];
	/** Integer attributes; a list is written as one. */
	attributes?: Record<string, number | number[]>;
}

export interface GraphSpec {
	inputs: TensorSpec[];
	outputs: TensorSpec[];
	nodes: NodeSpec[];
	weights?: Record<string, { shape: number[]; values: number[]; type?: 'float32' | 'int64' }>;
	/** ONNX's element type of all inputs and outputs; 1 is float32, 11 is double. */
	type?: number;
}

function varint(value: number): Buffer {
	const bytes: number[] = [];
	let rest = BigInt.asUintN(64, BigInt(value));
	for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
	return Buffer.from([...bytes, Number(rest)]);
}

const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);

function bytes(field: number, ...parts: (Buffer | string)[]): Buffer {
	const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
	return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

function valueInfo(field: number, { name, shape }: TensorSpec, type: number): Buffer {
	const sides = shape.map((side) => bytes(1, typeof side === 'number' ? number(1, side) : bytes(2, side)));
	return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, type), bytes(2, ...sides))));
}

const attributeType = { int: 2, ints: 7 };

function attribute(name: string, value: number | number[]): Buffer {
	if (!Array.isArray(value)) return bytes(5, bytes(1, name), number(3, value), number(20, attributeType.int));
	return bytes(5, bytes(1, name), ...value.map((one) => number(8, one)), number(20, attributeType.ints));
}

function node({ op, inputs, outputs, attributes = {} }: NodeSpec): Buffer {
	return bytes(
		1,
		...inputs.map((name) => bytes(1, name)),
		...outputs.map((name) => bytes(2, name)),
		bytes(4, op),
		...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
	);
}

function weight(name: string, shape: number[], values: number[], type: 'float32' | 'int64'): Buffer {
	const raw = type === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
	return bytes(
		5,
		...shape.map((side) => number(1, side)),
		number(2, type === 'float32' ? 1 : 7),
		bytes(8, name),
		bytes(9, Buffer.from(raw.buffer)),
	);
}

export function onnxFile({ inputs, outputs, nodes, weights = {}, type = 1 }: GraphSpec): Buffer {
	const graph = bytes(
		7,
		...nodes.map(node),
		bytes(2, 'graph'),
		...Object.entries(weights).map(([name, w]) => weight(name, w.shape, w.values, w.type ?? 'float32')),
		...inputs.map((tensor) => valueInfo(11, tensor, type)),
		...outputs.map((tensor) => valueInfo(12, tensor, type)),
	);
	const opset13 = bytes(8, bytes(1, ''), number(2, 13));
	return Buffer.concat([number(1, 8), graph, opset13]);
}
