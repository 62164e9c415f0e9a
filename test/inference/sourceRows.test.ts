import test from 'ava';
import fc from 'fast-check';
import type { Frame } from '../../src/capture/frame.ts';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { createSourceRows, placeRows } from '../../src/inference/sourceRows.ts';

const placed = (y: number, height: number, outHeight: number) => {
	const rows = createSourceRows();
	placeRows(rows, { x: 0, y, width: 1, height }, outHeight);
	return rows;
};

test('every row is read until six make one, every second from there on', (t) => {
	t.is(placed(0, 767, 128).apart, 1);
	t.is(placed(0, 768, 128).apart, 2);
	t.is(placed(0, 1080, 240).apart, 1);
});

const areas = fc.record({
	y: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0, max: 300, noNaN: true })),
	height: fc.integer({ min: 1, max: 1080 }),
	outHeight: fc.integer({ min: 1, max: 256 }),
});

test('no row outside the scan area is read, and none at its end is left out', (t) => {
	fc.assert(
		fc.property(areas, ({ y, height, outHeight }) => {
			const { first, apart, count } = placed(y, height, outHeight);
			const last = first + apart * (count - 1);
			return first <= y && first > y - 1 && last < y + height && last >= y + height - apart;
		}),
	);
	t.pass();
});

test('what is read of a scan area begins and ends within its rows', (t) => {
	fc.assert(
		fc.property(areas, ({ y, height, outHeight }) => {
			const { top, count, height: tall } = placed(y, height, outHeight);
			// The last row of the output ends with the last row that is read; it keeps nearly all of its own.
			const out = tall / outHeight;
			return top >= 0 && top < 1 && top + tall - out < count && top + tall - count < Math.max(0.5, out / 2);
		}),
	);
	t.pass();
});

for (const [y, height] of [
	[0, 864],
	[107, 864],
	[3, 865],
	[0.5, 800.75],
] as const)
	test(`a soft picture is the same whether all rows are read or every second one (${height} rows from ${y} on)`, (t) => {
		const memory = createFrameMemory(1, 1 << 20);
		const kernel = new SimdKernel(memory);
		const stride = 64;
		const frame: Frame = {
			...{ width: 64, height: 1080, pixelFormat: 'GREY', stride, offset: memory.slotOffset(0) },
			...{ byteLength: 64 * 1080, sequence: 0, timestampMs: 0 },
		};
		for (let row = 0; row < 1080; row++)
			memory.bytes.fill(128 + 100 * Math.sin(row / 40), frame.offset + row * stride, frame.offset + (row + 1) * stride);
		const roi = { x: 0, y, width: 64, height };
		const [sparse, dense] = [memory.reserve(4 * 128), memory.reserve(4 * 512)];
		kernel.areaAverage(frame, roi, sparse, 1, 128);
		kernel.areaAverage(frame, roi, dense, 1, 512);
		const floats = new Float32Array(memory.memory.buffer);
		for (let row = 0; row < 128; row++) {
			let all = 0;
			for (let i = 0; i < 4; i++) all += floats[dense / 4 + 4 * row + i]! / 4;
			const difference = 255 * Math.abs(floats[sparse / 4 + row]! - all);
			t.true(difference < 1, `row ${row} differs by ${difference} grey levels`);
		}
	});
