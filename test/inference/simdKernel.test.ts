import test from 'ava';
import fc from 'fast-check';
import { type Frame, frameBytes, type PixelFormat, pixelFormats, type Roi } from '../../src/capture/frame.ts';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { columnWeights, weightUnits } from '../../src/inference/columnWeights.ts';
import { ReferenceKernel } from '../../src/inference/referenceKernel.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';

const memory = createFrameMemory(2, 512 * 1024);
const simd = new SimdKernel(memory);
const twin = new ReferenceKernel(memory);
const floats = new Float32Array(memory.memory.buffer);
const room = 320 * 240;
const ours = memory.reserve(room * 4);
const theirs = memory.reserve(room * 4);

/** Full scale of a tensor is 1. */
const tolerance = 1e-3;

/** A frame that ends where the memory ends, so that reading one byte too far traps. */
function frameAtTheEnd(pixelFormat: PixelFormat, width: number, height: number, stride: number): Frame {
	const byteLength = frameBytes(pixelFormat, stride, height);
	const offset = memory.bytes.length - byteLength;
	return { width, height, pixelFormat, stride, offset, byteLength, sequence: 0, timestampMs: 0 };
}

function fillWithNoise(frame: Frame, seed: number): void {
	let word = seed | 1;
	for (let i = 0; i < frame.byteLength; i++) {
		word = Math.imul(word, 1664525) + 1013904223;
		memory.bytes[frame.offset + i] = word >>> 24;
	}
}

function largestDifference(frame: Frame, roi: Roi, outWidth: number, outHeight: number): number {
	const count = outWidth * outHeight;
	floats.fill(Number.NaN, ours / 4, ours / 4 + count + 4);
	simd.areaAverage(frame, roi, ours, outWidth, outHeight);
	twin.areaAverage(frame, roi, theirs, outWidth, outHeight);
	if (!Number.isNaN(floats[ours / 4 + count])) return Number.POSITIVE_INFINITY;
	let largest = 0;
	for (let i = 0; i < count; i++) {
		const difference = Math.abs(floats[ours / 4 + i]! - floats[theirs / 4 + i]!);
		if (!(difference <= largest)) largest = difference;
	}
	return largest;
}

const bytesAPixel = (format: PixelFormat) => (format === 'YUYV' || format === 'UYVY' ? 2 : 1);

test('area average is that of the plain twin for any frame, scan area and output', (t) => {
	const cases = fc.record({
		pixelFormat: fc.constantFrom(...pixelFormats),
		width: fc.integer({ min: 1, max: 150 }).map((half) => half * 2),
		height: fc.integer({ min: 1, max: 200 }),
		padding: fc.integer({ min: 0, max: 40 }),
		left: fc.nat(),
		top: fc.nat(),
		right: fc.nat(),
		bottom: fc.nat(),
		outWidth: fc.integer({ min: 1, max: 150 }),
		outHeight: fc.integer({ min: 1, max: 150 }),
		seed: fc.integer(),
	});
	fc.assert(
		fc.property(cases, (c) => {
			const frame = frameAtTheEnd(c.pixelFormat, c.width, c.height, c.width * bytesAPixel(c.pixelFormat) + c.padding);
			fillWithNoise(frame, c.seed);
			const x = c.left % c.width;
			const y = c.top % c.height;
			const roi = { x, y, width: 1 + (c.right % (c.width - x)), height: 1 + (c.bottom % (c.height - y)) };
			const difference = largestDifference(frame, roi, c.outWidth, c.outHeight);
			if (difference > tolerance) throw new Error(`differs by ${difference} for ROI ${JSON.stringify(roi)}`);
		}),
		{ numRuns: 150 },
	);
	t.pass();
});

const table: [string, PixelFormat, number, number, Roi, number, number][] = [
	['one pixel', 'YUYV', 64, 48, { x: 63, y: 47, width: 1, height: 1 }, 128, 128],
	['one pixel to one', 'UYVY', 64, 48, { x: 63, y: 47, width: 1, height: 1 }, 1, 1],
	['one column', 'GREY', 64, 48, { x: 5, y: 0, width: 1, height: 48 }, 16, 16],
	['one row', 'NV12', 64, 48, { x: 0, y: 47, width: 64, height: 1 }, 16, 16],
	['the whole frame to one pixel', 'UYVY', 300, 200, { x: 0, y: 0, width: 300, height: 200 }, 1, 1],
	['the whole frame, same size', 'GREY', 64, 48, { x: 0, y: 0, width: 64, height: 48 }, 64, 48],
	['the right lower corner, odd sizes', 'UYVY', 300, 200, { x: 189, y: 111, width: 111, height: 89 }, 37, 23],
	['the whole frame, 32 columns at a time', 'UYVY', 64, 48, { x: 0, y: 0, width: 64, height: 48 }, 7, 5],
	['the whole frame, 8 columns at a time', 'UYVY', 24, 48, { x: 0, y: 0, width: 24, height: 48 }, 7, 5],
	['narrower and taller', 'YUYV', 300, 100, { x: 0, y: 0, width: 300, height: 100 }, 33, 199],
	['wider and lower', 'YUYV', 100, 300, { x: 0, y: 0, width: 100, height: 300 }, 199, 33],
	['edges between pixels', 'GREY', 300, 200, { x: 10.25, y: 20.5, width: 200.5, height: 99.75 }, 128, 128],
];

for (const [name, pixelFormat, width, height, roi, outWidth, outHeight] of table)
	test(`area average of ${name} (${pixelFormat})`, (t) => {
		const frame = frameAtTheEnd(pixelFormat, width, height, width * bytesAPixel(pixelFormat));
		fillWithNoise(frame, 7);
		t.true(largestDifference(frame, roi, outWidth, outHeight) <= tolerance);
	});

test('a full-scale picture of many rows does not overflow the sums', (t) => {
	const frame = frameAtTheEnd('GREY', 40, 4000, 40);
	memory.bytes.fill(255, frame.offset, frame.offset + frame.byteLength);
	simd.areaAverage(frame, { x: 0, y: 0, width: 40, height: 4000 }, ours, 3, 2);
	for (let i = 0; i < 6; i++) t.true(Math.abs(floats[ours / 4 + i]! - 1) < 1e-5);
});

test('scan areas and output sizes may alternate, more of them than are kept', (t) => {
	const frame = frameAtTheEnd('YUYV', 300, 200, 600);
	fillWithNoise(frame, 3);
	for (let turn = 0; turn < 3; turn++)
		for (let i = 0; i < 7; i++) {
			const roi = { x: i, y: i * 2, width: 200 - i * 11, height: 150 - i * 3 };
			t.true(largestDifference(frame, roi, 16 + i * 8, 16) <= tolerance);
		}
	for (const x of [3, 3.25, 3.75])
		t.true(largestDifference(frame, { x, y: 0, width: 99, height: 9 }, 32, 8) <= tolerance);
});

for (const roi of [
	{ x: 0, y: 0, width: 65, height: 10 },
	{ x: 0, y: 40, width: 10, height: 9 },
	{ x: -1, y: 0, width: 10, height: 10 },
	{ x: 0, y: 0, width: 0, height: 10 },
	{ x: Number.NaN, y: 0, width: 10, height: 10 },
])
	test(`a scan area that is not in the frame is refused: ${JSON.stringify(roi)}`, (t) => {
		const frame = frameAtTheEnd('GREY', 64, 48, 64);
		t.throws(() => simd.areaAverage(frame, roi, ours, 8, 8), { code: 'roi-invalid' });
	});

test('an output wider than the kernel has room for is refused', (t) => {
	const frame = frameAtTheEnd('GREY', 64, 48, 64);
	const roi = { x: 0, y: 0, width: 64, height: 48 };
	t.throws(() => simd.areaAverage(frame, roi, ours, 1025, 1), { code: 'roi-invalid' });
	t.true(largestDifference(frame, roi, 1024, 4) <= tolerance);
});

test('the widest scan area fits its room', (t) => {
	const frame = frameAtTheEnd('GREY', 4094, 8, 4096);
	fillWithNoise(frame, 9);
	for (const outWidth of [1, 3, 1021, 1024])
		t.true(largestDifference(frame, { x: 0, y: 0, width: 4093, height: 8 }, outWidth, 3) <= tolerance);
});

test('column weights cover each source column once', (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 300 }), (width, outWidth) => {
			const plan = columnWeights(7, width, outWidth);
			const wide = width / outWidth;
			const covered = new Float64Array(plan.columns + plan.taps);
			for (let column = 0; column < outWidth; column++) {
				const own = plan.weights.subarray(column * plan.taps, (column + 1) * plan.taps);
				if (own.reduce((sum, weight) => sum + weight, 0) !== weightUnits) return false;
				own.forEach((weight, tap) => {
					covered[plan.starts[column]! + tap]! += (weight / weightUnits) * wide;
				});
			}
			const rounded = (2 * Math.max(1, wide)) / weightUnits;
			return plan.taps % 16 === 0 && covered.every((share, at) => Math.abs(share - (at < width ? 1 : 0)) < rounded);
		}),
	);
	t.pass();
});

test('bytes are those of the plain twin, exactly, for any value and count', (t) => {
	const values = fc.array(
		fc.oneof(
			fc.float(),
			fc.integer({ min: 0, max: 510 }).map((half) => half / 510),
		),
		{
			minLength: 1,
			maxLength: 70,
		},
	);
	fc.assert(
		fc.property(values, (list) => {
			floats.set(list, ours / 4);
			const [ourBytes, theirBytes] = [theirs, theirs + 1024];
			memory.bytes.fill(7, ourBytes, ourBytes + 2048);
			simd.toBytes(ours, ourBytes, list.length);
			twin.toBytes(ours, theirBytes, list.length);
			for (let i = 0; i <= list.length; i++)
				if (memory.bytes[ourBytes + i] !== memory.bytes[theirBytes + i])
					throw new Error(`byte ${i} of ${floats[ours / 4 + i]}: ${memory.bytes[ourBytes + i]}`);
		}),
	);
	t.pass();
});

test('20,000 pictures leave nothing behind', (t) => {
	const frame = frameAtTheEnd('YUYV', 300, 200, 600);
	const roi = { x: 3, y: 5, width: 251, height: 177 };
	const turn = (count: number) => {
		for (let i = 0; i < count; i++) {
			simd.areaAverage(frame, roi, ours, 64, 64);
			simd.toBytes(ours, theirs, 4096);
		}
	};
	turn(2000);
	const before = process.memoryUsage();
	turn(20_000);
	const after = process.memoryUsage();
	const heap = after.heapUsed - before.heapUsed;
	t.log(`heap grew by ${(heap / 1024).toFixed(0)} KiB, RSS by ${((after.rss - before.rss) / 1024).toFixed(0)} KiB`);
	t.true(heap < 4 * 1024 * 1024);
});
