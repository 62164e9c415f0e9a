import test from 'ava';
import fc from 'fast-check';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { loadFeatureKernel } from '../../src/screen/featureKernel.ts';

const memory = createFrameMemory(1, 65536);
const kernel = loadFeatureKernel(memory);
const { buffer } = memory.memory;
const { bytes } = memory;
const width = 40;
const height = 24;
const count = width * height;
const a = memory.reserve(4 * count);
const b = memory.reserve(4 * count);
const out = memory.reserve(4096);
const limits = memory.reserve(1024);
const tensor = new Float32Array(buffer, a, count);
const other = new Float32Array(buffer, b, count);
const whole = new Int32Array(buffer, out, 1024);
const fractions = new Float32Array(buffer, out, 1024);

function fill(seed: number): void {
	let word = seed | 1;
	const next = () => {
		word = Math.imul(word, 1664525) + 1013904223;
		return (word >>> 8) / 2 ** 24;
	};
	for (let i = 0; i < count; i++) {
		// Some blocks are even, some values are at the very ends.
		const flat = (i >> 2) % 3 === 0;
		tensor[i] = flat ? 0.5 : next() < 0.05 ? Math.round(next()) : next();
		other[i] = next();
	}
}

const seeds = fc.integer();
const runs = { numRuns: 60 };
const near = (t: { true(value: boolean, what: string): void }, ours: number, theirs: number, what: string) =>
	t.true(Math.abs(ours - theirs) <= 1e-4 * Math.max(1, Math.abs(theirs)), `${what}: ${ours}, ${theirs}`);

/** The frame memory's last row, so that reading a byte too far traps. */
for (const [step, first] of [
	[1, 0],
	[2, 0],
	[2, 1],
] as const)
	test(`steps of a row are those that a plain loop finds, ${step} bytes apart from byte ${first} on`, (t) => {
		const row = fc.record({
			pixels: fc.integer({ min: 0, max: 70 }),
			seed: seeds,
			bright: fc.integer({ min: 0, max: 300 }),
		});
		fc.assert(
			fc.property(row, ({ pixels, seed, bright }) => {
				const stride = (pixels + 2) * step;
				const start = bytes.length - 2 * stride;
				let word = seed | 1;
				for (let i = start; i < bytes.length; i++) {
					word = Math.imul(word, 1664525) + 1013904223;
					bytes[i] = word >>> 30 === 0 ? (word >>> 24) & 255 : 90;
				}
				const expected = [0, 0, 0, 0, 0, 0];
				for (let x = 0; x < pixels; x++) {
					const at = start + first + x * step;
					const grey = bytes[at]!;
					const change = bytes[at + step]! - grey;
					expected[0]! += change ** 2;
					expected[1]! += change * (bytes[at + 2 * step]! - bytes[at + step]!);
					if (Math.abs(change) > 12) expected[2]!++;
					if (Math.abs(change) > 64) expected[3]!++;
					if (grey > bright) expected[4]!++;
					if (grey > bright && change === 0 && bytes[at + stride] === grey) expected[5]!++;
				}
				whole.fill(0, 0, 8);
				for (let time = 0; time < 2; time++) kernel.rowSteps(start + first, stride, step, pixels, 12, 64, bright, out);
				const sums = [...new Float64Array(buffer, out, 2), ...whole.subarray(4, 8)];
				t.deepEqual(
					sums.map((sum) => sum / 2),
					expected,
				);
			}),
			{ numRuns: 100 },
		);
	});

test('a row of the widest frame does not overflow the sums', (t) => {
	const stride = 4096;
	const start = bytes.length - 2 * stride;
	for (let i = start; i < bytes.length; i++) bytes[i] = i % 2 === 0 ? 255 : 0;
	whole.fill(0, 0, 8);
	kernel.rowSteps(start, stride, 1, 4094, 12, 64, 100, out);
	t.deepEqual([...new Float64Array(buffer, out, 2)], [4094 * 255 ** 2, -4094 * 255 ** 2]);
	t.deepEqual([...whole.subarray(4, 8)], [4094, 4094, 2047, 0]);
});

/** Up to the memory's last byte, so that reading a byte too far traps. */
for (const [step, first] of [
	[1, 0],
	[2, 0],
	[2, 1],
] as const)
	test(`what a row of the screen is, is what a plain loop finds, ${step} bytes apart from byte ${first} on`, (t) => {
		const row = fc.record({
			pixels: fc.integer({ min: 0, max: 70 }),
			seed: seeds,
			base: fc.integer({ min: 0, max: 245 }),
		});
		fc.assert(
			fc.property(row, ({ pixels, seed, base }) => {
				const start = bytes.length - (pixels + 2) * step;
				let word = seed | 1;
				for (let i = start; i < bytes.length; i++) {
					word = Math.imul(word, 1664525) + 1013904223;
					bytes[i] = word >>> 30 === 0 ? (word >>> 24) & 255 : base + ((word >>> 20) & 7);
				}
				const expected = [0, 0, 0, 255, 0];
				for (let x = 0; x < pixels; x++) {
					const at = start + first + x * step;
					const grey = bytes[at]!;
					const change = bytes[at + step]! - grey;
					expected[0]! += 2 * change ** 2;
					expected[1]! += 2 * change * (bytes[at + 2 * step]! - bytes[at + step]!);
					if (Math.abs(change) > 12) expected[2]! += 2;
					expected[3] = Math.min(expected[3]!, grey);
					expected[4] = Math.max(expected[4]!, grey);
				}
				whole.fill(0, 0, 8);
				whole[5] = 255;
				for (let time = 0; time < 2; time++) kernel.screenRow(start + first, step, pixels, 12, out);
				t.deepEqual([...new Float64Array(buffer, out, 2), ...whole.subarray(4, 7)], expected);
			}),
			{ numRuns: 100 },
		);
	});

test('greys are counted as rounding counts them', (t) => {
	fc.assert(
		fc.property(seeds, (seed) => {
			fill(seed);
			tensor[1] = 0.5 / 255;
			tensor[2] = Math.fround(1.0000001);
			const expected = new Array<number>(256).fill(0);
			// 2^23 leaves no room for a fraction.
			const level = (value: number) => Math.fround(Math.fround(value * 255) + 2 ** 23) - 2 ** 23;
			for (let i = 0; i < count; i++) if (Math.floor(i / width) % 4 === 0) expected[level(tensor[i]!)]!++;
			t.true(tensor.every((value) => Math.abs(level(value) - value * 255) < 0.5001));
			whole.fill(7);
			kernel.countGreys(a, width, height, out);
			t.deepEqual([...whole.subarray(0, 256)], expected);
		}),
		runs,
	);
});

test('lit and flat blocks are those that a plain loop finds', (t) => {
	fc.assert(
		fc.property(seeds, fc.integer({ min: 0, max: 130 }), (seed, shadow) => {
			fill(seed);
			new Float64Array(buffer, limits, 3).set([shadow, shadow + 8, 0.4]);
			let lit = 0;
			let flat = 0;
			for (let top = 0; top < height; top += 4)
				for (let left = 0; left < width; left += 4) {
					const greys = Array.from({ length: 16 }, (_, i) => tensor[(top + (i >> 2)) * width + left + (i & 3)]! * 255);
					const mean = greys.reduce((sum, grey) => sum + grey, 0) / 16;
					if (mean <= shadow + 8) continue;
					lit++;
					const spread = Math.sqrt(greys.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / 16);
					if (spread < 0.4 * (mean - shadow)) flat++;
				}
			kernel.countFlat(a, width, height, limits, out);
			t.deepEqual([...whole.subarray(0, 2)], [lit, flat]);
		}),
		runs,
	);
});

test('sums of parts and of blocks, and their changes, are those of a plain loop', (t) => {
	const sums = limits + 64;
	const changes = sums + 64 * 4;
	fc.assert(
		fc.property(seeds, (seed) => {
			fill(seed);
			const parts = new Array<number>(64).fill(0);
			const blocks = new Array<number>(count / 64).fill(0);
			const others = new Array<number>(count / 64).fill(0);
			for (let y = 0; y < height; y++)
				for (let x = 0; x < width; x++) {
					const at = y * width + x;
					parts[Math.floor(y / (height / 8)) * 8 + Math.floor(x / (width / 8))]! += tensor[at]!;
					blocks[(y >> 3) * (width >> 3) + (x >> 3)]! += tensor[at]!;
					others[(y >> 3) * (width >> 3) + (x >> 3)]! += other[at]!;
				}
			kernel.sumParts(a, width, height, out);
			for (const [part, sum] of parts.entries()) near(t, fractions[part]!, sum, `part ${part}`);
			kernel.blockChanges(b, width, height, out, out, changes);
			for (const [block, sum] of others.entries()) near(t, fractions[block]!, sum, `sum of block ${block}`);
			const largest = kernel.blockChanges(a, width, height, out, sums, changes);
			const changed = new Float32Array(buffer, changes, blocks.length);
			const summed = new Float32Array(buffer, sums, blocks.length);
			for (const [block, sum] of blocks.entries()) {
				near(t, summed[block]!, sum, `sum of block ${block}`);
				near(t, changed[block]!, sum - others[block]!, `change of block ${block}`);
			}
			t.is(largest, Math.max(...changed.map(Math.abs)));
			t.is(kernel.blockChanges(a, width, height, sums, out, changes), 0, 'the same image');
		}),
		runs,
	);
});

test('colour is taken at the crossings, and what is outside the limits is counted', (t) => {
	const frame = memory.slotOffset(0);
	const columns = Uint32Array.from({ length: 8 }, (_, i) => 4 * i);
	const rows = Uint32Array.from({ length: 2 }, (_, i) => 100 * i);
	new Uint32Array(buffer, a, columns.length).set(columns);
	new Uint32Array(buffer, b, rows.length).set(rows);
	const first: number[] = [];
	const second: number[] = [];
	for (const row of rows)
		for (const column of columns) {
			first.push(40 + row / 10 + column);
			second.push(200 - row / 5);
			bytes[frame + row + column] = first.at(-1)!;
			bytes[frame + row + column + 2] = second.at(-1)!;
		}
	const [u, v] = [limits, out + 64];
	kernel.takeColour(frame, a, columns.length, b, rows.length, 2, u, v, out);
	t.deepEqual([...bytes.subarray(u, u + 16)], first);
	t.deepEqual([...bytes.subarray(v, v + 16)], second);
	const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
	t.deepEqual([...whole.subarray(0, 2)], [sum(first), sum(second)]);
	for (const box of [
		[0, 255, 0, 255],
		[50, 70, 0, 255],
		[0, 255, 150, 180],
		[44, 44, 200, 200],
	] as const) {
		const far = first.filter((one, i) => one < box[0] || one > box[1] || second[i]! < box[2] || second[i]! > box[3]);
		t.is(kernel.countFar(u, v, 16, box[0], box[1], box[2], box[3]), far.length);
	}
});
