import test from 'ava';
import fc from 'fast-check';
import { evenOut, fitSide } from '../../src/screen/sectorSide.ts';

const none = () => ({ at: 0, slope: 0, support: 0 });

test('a side is found although the picture is dark along parts of it and a mark reaches over it', (t) => {
	fc.assert(
		fc.property(
			fc.double({ min: -1.4, max: -0.2, noNaN: true }),
			fc.integer({ min: 40, max: 110 }),
			fc.integer({ min: 0, max: 30 }),
			(slope, rows, darkFrom) => {
				const edge = new Int16Array(224).fill(-1);
				for (let y = 10; y < 10 + rows; y++) {
					const dark = y >= 10 + darkFrom && y < 10 + darkFrom + rows * 0.4;
					edge[y] = Math.round(190 + slope * y) + (dark ? 12 : 0);
				}
				edge[14] = edge[14]! - 9;
				const side = none();
				fitSide(edge, 10, 10 + rows, -1, side);
				const middle = 10 + rows / 2;
				return side.support > 0.4 && Math.abs(side.at + side.slope * middle - (190 + slope * middle)) < 4;
			},
		),
	);
	t.pass();
});

test('a side without rows has no support', (t) => {
	const side = none();
	fitSide(new Int16Array(224).fill(-1), 10, 60, 1, side);
	t.is(side.support, 0);
	fitSide(new Int16Array(224).fill(5), 10, 12, 1, side);
	t.is(side.support, 0);
});

test('a side that fits badly takes the slope of the other one and stays outside of the picture', (t) => {
	const leftEdge = new Int16Array(224).fill(-1);
	const rightEdge = new Int16Array(224).fill(-1);
	for (let y = 0; y < 80; y++) {
		rightEdge[y] = Math.round(110 + 0.9 * y);
		leftEdge[y] = Math.round(110 - 0.9 * y + 12 * Math.abs(Math.sin(y / 7)));
	}
	const left = { at: 110, slope: -0.2, support: 0.3 };
	const right = { at: 110, slope: 0.9, support: 1 };
	evenOut(leftEdge, rightEdge, 0, 80, left, right);
	t.is(left.slope, -0.9);
	t.true(Math.abs(left.at - 110) < 4, `at ${left.at}`);
	t.deepEqual(right, { at: 110, slope: 0.9, support: 1 });
});

test('two sides of about the same slope are left as they are', (t) => {
	const edge = new Int16Array(224).fill(50);
	const left = { at: 110, slope: -0.8, support: 0.5 };
	const right = { at: 110, slope: 0.9, support: 1 };
	evenOut(edge, edge, 0, 80, left, right);
	t.is(left.slope, -0.8);
	t.is(right.slope, 0.9);
});
