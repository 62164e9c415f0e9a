import koffi from 'koffi';
import type { FunctionName } from './functions.ts';
import type { Handle, OnnxRuntime } from './runtime.ts';

/** An input or output of a graph. */
export interface TensorInfo {
	readonly name: string;
	/** As in ONNX's TensorProto.DataType: 1 is float32. 0: no tensor. */
	readonly type: number;
	/** -1 for a side that the graph leaves open. */
	readonly shape: readonly number[];
}

const questions = {
	input: { count: 'sessionGetInputCount', name: 'sessionGetInputName', type: 'sessionGetInputTypeInfo' },
	output: { count: 'sessionGetOutputCount', name: 'sessionGetOutputName', type: 'sessionGetOutputTypeInfo' },
} as const satisfies Record<string, Record<string, FunctionName>>;

/** @throws PhleboxError runtime-failed */
export function readTensorInfo(runtime: OnnxRuntime, session: Handle, side: keyof typeof questions): TensorInfo[] {
	const ask = questions[side];
	const allocator = runtime.make('getAllocatorWithDefaultOptions');
	const count = Number(runtime.make(ask.count, session));
	return Array.from({ length: count }, (_, place) => {
		const text = runtime.make(ask.name, session, place, allocator);
		const name = koffi.decode.string(text);
		runtime.call('allocatorFree', allocator, text);
		const typeInfo = runtime.make(ask.type, session, place);
		try {
			return { name, ...readShape(runtime, typeInfo) };
		} finally {
			runtime.release('releaseTypeInfo', typeInfo);
		}
	});
}

function readShape(runtime: OnnxRuntime, typeInfo: Handle): { type: number; shape: number[] } {
	// Belongs to the type info and goes with it.
	const tensor = runtime.make('castTypeInfoToTensorInfo', typeInfo);
	if (tensor === 0n) return { type: 0, shape: [] };
	const type = new Int32Array(1);
	runtime.call('getTensorElementType', tensor, type);
	const sides = new BigInt64Array(Number(runtime.make('getDimensionsCount', tensor)));
	if (sides.length > 0) runtime.call('getDimensions', tensor, sides, sides.length);
	return { type: type[0]!, shape: Array.from(sides, Number) };
}
