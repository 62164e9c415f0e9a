import test from 'ava';
import { changedBlocks } from '../../src/screen/freshImage.ts';

const width = 64;
const height = 32;

function tensor(value: (x: number, y: number) => number): Float32Array {
	return Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
}

/** As the feature kernel has them; test/screen/featureKernel.test.ts holds it to that. */
function blockSums(a: Float32Array, b: Float32Array): Float32Array {
	const sums = new Float32Array((width * height) / 64);
	for (let i = 0; i < a.length; i++) sums[((i / width) >> 3) * (width >> 3) + ((i % width) >> 3)]! += a[i]! - b[i]!;
	return sums;
}

const halves = { left: 0, right: 0, blocks: 0 };

/** @param change of a block's mean that counts, 0..1 */
function changed(a: Float32Array, b: Float32Array, change: number): number {
	const options = { blockChange: 255, exactBlockChange: change * 255 };
	return changedBlocks(blockSums(a, b), width, height, options, true, halves);
}

test('equal tensors have no changed block', (t) => {
	const grey = tensor((x, y) => (x * y) / 2048);
	t.is(changed(grey, grey, 0), 0);
});

test('a changed block counts, in either direction', (t) => {
	const before = tensor(() => 0.5);
	const after = tensor((x, y) => (y < 8 && x < 8 ? 0.6 : y >= 24 && x >= 56 ? 0.4 : 0.5));
	t.is(changed(before, after, 0.05), 2);
	t.is(changed(before, after, 0.15), 0);
	const options = { blockChange: 0.05 * 255, exactBlockChange: 255 };
	const sums = blockSums(before, after);
	t.is(changedBlocks(sums, width, height, options, false, halves), 2, 'a source that does not repeat exactly');
});

test('changes that cancel out within a block are no change', (t) => {
	const before = tensor(() => 0.5);
	const after = tensor((x) => (x % 2 === 0 ? 0.6 : 0.4));
	t.is(changed(before, after, 0.001), 0);
});

test('changes are told by halves, without the two columns in the middle', (t) => {
	const before = tensor(() => 0.5);
	for (const [from, to, expected] of [
		[0, 8, { left: 4, right: 0 }],
		[0, 24, { left: 12, right: 0 }],
		[24, 40, { left: 0, right: 0 }],
		[40, 64, { left: 0, right: 12 }],
	] as const) {
		const after = tensor((x) => (x >= from && x < to ? 0.7 : 0.5));
		changed(before, after, 0.05);
		t.deepEqual(halves, { ...expected, blocks: 12 });
	}
});
