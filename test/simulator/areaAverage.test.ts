import test from 'ava';
import fc from 'fast-check';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { ReferenceKernel } from '../../src/inference/referenceKernel.ts';
import { AreaAverage } from '../../src/simulator/areaAverage.ts';
import { Random } from '../../src/simulator/random.ts';

test('the area average agrees with the pixel kernel of the box', (t) => {
	const width = 96;
	const height = 80;
	const memory = createFrameMemory(1, width * height);
	const kernel = new ReferenceKernel(memory);
	const offset = memory.slotOffset(0);
	const random = new Random(5);
	for (let i = 0; i < width * height; i++) memory.bytes[offset + i] = random.whole(0, 255);
	const tensor = memory.reserve(4 * 32 * 32);
	const floats = new Float32Array(memory.memory.buffer, tensor, 32 * 32);
	const frame = { width, height, pixelFormat: 'GREY', stride: width, offset, byteLength: width * height } as const;
	const edge = fc.double({ min: 0, max: 40, noNaN: true });
	const length = fc.double({ min: 8, max: 39, noNaN: true });
	fc.assert(
		fc.property(edge, edge, length, length, fc.constantFrom(8, 32), (x, y, wide, tall, size) => {
			const roi = { x, y, width: wide, height: tall };
			kernel.areaAverage({ ...frame, sequence: 0, timestampMs: 0 }, roi, tensor, size, size);
			const out = new Uint8Array(size * size);
			new AreaAverage(roi, size).average(memory.bytes, offset, width, out, 0);
			return out.every((value, i) => Math.abs(value - floats[i]! * 255) <= 0.51);
		}),
		{ numRuns: 60 },
	);
	t.pass();
});
