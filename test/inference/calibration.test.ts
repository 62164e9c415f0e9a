import test from 'ava';
import fc from 'fast-check';
import { calibrate } from '../../src/inference/calibration.ts';

const logits = fc.array(fc.float({ min: -80, max: 80, noNaN: true }), { minLength: 2, maxLength: 8 });
const temperature = fc.double({ min: 0.1, max: 10, noNaN: true });

test('probabilities sum to one and keep the order of the logits', (t) => {
	fc.assert(
		fc.property(logits, temperature, (list, warm) => {
			const values = Float32Array.from(list);
			const out = new Float32Array(values.length);
			const best = calibrate(values, { kind: 'logits', temperature: warm }, out);
			const sum = out.reduce((a, b) => a + b);
			if (Math.abs(sum - 1) > 1e-5) throw new Error(`sum ${sum}`);
			if (values[best] !== Math.max(...values)) throw new Error('another label than the highest');
			for (const [i, a] of values.entries())
				for (const [j, b] of values.entries()) if (a > b && out[i]! < out[j]!) throw new Error('order lost');
		}),
	);
	t.pass();
});

test('two logits that the division makes alike: the label of the higher one', (t) => {
	const least = 2 ** -149;
	t.is(calibrate(Float32Array.of(-least, 0, 0), { kind: 'logits', temperature: 2 }, new Float32Array(3)), 1);
});

test('a higher temperature makes the answer less sure, by the softmax of logits over temperature', (t) => {
	const out = new Float32Array(2);
	t.is(calibrate(Float32Array.of(0, 2), { kind: 'logits', temperature: 1 }, out), 1);
	t.true(Math.abs(out[1]! - 1 / (1 + Math.exp(-2))) < 1e-6);
	calibrate(Float32Array.of(0, 2), { kind: 'logits', temperature: 4 }, out);
	t.true(Math.abs(out[1]! - 1 / (1 + Math.exp(-0.5))) < 1e-6);
});

test('probabilities at temperature 1 stay what they are; at another they move as their logits would', (t) => {
	const out = new Float32Array(3);
	t.is(calibrate(Float32Array.of(0.7, 0.3, 0), { kind: 'probabilities', temperature: 1 }, out), 0);
	for (const [i, probability] of [0.7, 0.3, 0].entries()) t.true(Math.abs(out[i]! - probability) < 1e-6);
	calibrate(Float32Array.of(0.8, 0.2, 0), { kind: 'probabilities', temperature: 2 }, out);
	t.true(Math.abs(out[0]! / out[1]! - 2) < 1e-4);
});

for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
	for (const place of [0, 1, 2])
		test(`${value} at place ${place} is no answer`, (t) => {
			const values = Float32Array.of(1, 2, 3);
			values[place] = value;
			t.is(calibrate(values, { kind: 'logits', temperature: 1 }, new Float32Array(3)), -1);
		});

test('a logit that a small temperature makes infinite is no answer', (t) => {
	t.is(calibrate(Float32Array.of(3e38, 0), { kind: 'logits', temperature: 0.01 }, new Float32Array(2)), -1);
});

test('logits of any finite size give probabilities', (t) => {
	const out = new Float32Array(3);
	t.is(calibrate(Float32Array.of(9000, -9000, 8999), { kind: 'logits', temperature: 0.1 }, out), 0);
	t.true(Math.abs(out[0]! - 1 / (1 + Math.exp(-10))) < 1e-6);
	t.is(out[1], 0);
});
