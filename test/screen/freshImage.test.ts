import test from 'ava';
import { changedShare } from '../../src/screen/freshImage.ts';

const width = 64;
const height = 32;

function tensor(value: (x: number, y: number) => number): Float32Array {
	return Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
}

test('equal tensors have no changed block', (t) => {
	const grey = tensor((x, y) => (x * y) / 2048);
	t.is(changedShare(grey, grey, width, height, 0), 0);
});

test('a changed block counts with its share, in either direction', (t) => {
	const before = tensor(() => 0.5);
	const after = tensor((x, y) => (y < 8 && x < 8 ? 0.6 : y >= 24 && x >= 56 ? 0.4 : 0.5));
	t.is(changedShare(before, after, width, height, 0.05), 2 / 32);
	t.is(changedShare(before, after, width, height, 0.15), 0);
});

test('changes that cancel out within a block are no change', (t) => {
	const before = tensor(() => 0.5);
	const after = tensor((x) => (x % 2 === 0 ? 0.6 : 0.4));
	t.true(changedShare(before, after, width, height, 0.001) < 1e-9);
});
