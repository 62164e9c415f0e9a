import type { FrameMemory } from '../capture/frameMemory.ts';
import { loadKernel } from '../wasmKernel.ts';

/** Exports of features.as.ts, which says what they do. All places are byte offsets in the frame memory. */
export interface FeatureKernel {
	rowSteps(
		...[at, stride, step, pixels, edgeStep, hardStep, bright, out]: [
			...[number, number, number, number],
			...[number, number, number, number],
		]
	): void;
	screenRow(at: number, step: number, pixels: number, edgeStep: number, out: number): void;
	countGreys(tensor: number, width: number, height: number, out: number): void;
	countFlat(tensor: number, width: number, height: number, limits: number, out: number): void;
	sumParts(tensor: number, width: number, height: number, out: number): void;
	blockChanges(
		...[tensor, width, height, before, sums, changes]: [number, number, number, number, number, number]
	): number;
	takeColour(
		...[base, columns, across, rows, down, gap, first, second, out]: [
			...[number, number, number, number, number],
			...[number, number, number, number],
		]
	): void;
	countFar(
		...[first, second, count, lowFirst, highFirst, lowSecond, highSecond]: [
			...[number, number, number, number],
			...[number, number, number],
		]
	): number;
}

/** @throws PhleboxError file-not-found when the kernel was not built */
export function loadFeatureKernel(memory: FrameMemory): FeatureKernel {
	return loadKernel<FeatureKernel>('dist/kernels/features.wasm', memory);
}
