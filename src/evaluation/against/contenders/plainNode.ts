import { readFileSync } from 'node:fs';
import { Binding } from '../binding.ts';
import { framesOf, greyOf } from '../greyOf.ts';
import { type Runner, serve } from '../serve.ts';
import type { Spec } from '../spec.ts';

/** As one writes it in Node without further ado: typed arrays on the main thread, and onnxruntime-node. */
async function plainNode(spec: Spec): Promise<Runner> {
	const frames = framesOf(readFileSync(spec.frames), spec.count);
	const network = await Binding.open(spec);
	return {
		about: 'typed arrays, onnxruntime-node',
		async frame(place, intervalMs) {
			const grey = greyOf(frames[place]!, spec);
			const image = shrink(grey, spec.roi.width, spec.roi.height, spec.input.width, spec.input.height);
			await network.run(image, intervalMs);
			return true;
		},
		input: () => network.image,
		answer: () => network.answer(),
		reset: () => network.reset(),
	};
}

/** Area average to values 0..1: first along the rows, then along the columns. */
function shrink(
	grey: Uint8Array,
	width: number,
	height: number,
	toWidth: number,
	toHeight: number,
): Float32Array<ArrayBuffer> {
	const narrow = new Float32Array(toWidth * height);
	for (let y = 0; y < height; y++) {
		for (let column = 0; column < toWidth; column++) {
			const left = (column * width) / toWidth;
			const right = ((column + 1) * width) / toWidth;
			let sum = 0;
			for (let x = Math.floor(left); x < right; x++)
				sum += (Math.min(x + 1, right) - Math.max(x, left)) * grey[y * width + x]!;
			narrow[y * toWidth + column] = sum / (right - left);
		}
	}
	const small = new Float32Array(toWidth * toHeight);
	for (let row = 0; row < toHeight; row++) {
		const top = (row * height) / toHeight;
		const bottom = ((row + 1) * height) / toHeight;
		for (let y = Math.floor(top); y < bottom; y++) {
			const share = (Math.min(y + 1, bottom) - Math.max(y, top)) / (bottom - top) / 255;
			for (let column = 0; column < toWidth; column++)
				small[row * toWidth + column]! += share * narrow[y * toWidth + column]!;
		}
	}
	return small;
}

await serve(plainNode);
