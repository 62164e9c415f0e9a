import test from 'ava';
import fc from 'fast-check';
import { CaptureRule } from '../../src/simulator/captureRule.ts';
import { contactAt, noTruth, type Truth, veinStateOf } from '../../src/simulator/truth.ts';
import { pressureForArea, veinHeight, veinWidth } from '../../src/simulator/vessel.ts';

test('under 10% of the resting area is closed, up to 60% closing, above open', (t) => {
	for (const [ratio, state] of [
		[0, 'closed'],
		[0.0999, 'closed'],
		[0.1, 'closing'],
		[0.6, 'closing'],
		[0.601, 'open'],
		[1, 'open'],
	] as const)
		t.is(veinStateOf(ratio), state, `${ratio}`);
});

test('more pressure never makes a vein larger, and a clot keeps it open', (t) => {
	const area = (pressure: number, keepsOpen: number) => {
		const height = veinHeight(pressure, keepsOpen);
		return height * veinWidth(height);
	};
	fc.assert(
		fc.property(
			fc.double({ min: 0, max: 1.5, noNaN: true }),
			fc.double({ min: 0, max: 1.5, noNaN: true }),
			fc.double({ min: 0, max: 0.95, noNaN: true }),
			(one, two, keepsOpen) =>
				area(Math.max(one, two), keepsOpen) <= area(Math.min(one, two), keepsOpen) + 1e-12 &&
				area(one, keepsOpen) >= keepsOpen,
		),
	);
	t.is(area(0.2, 0), 1);
	t.is(area(1, 0), 0);
	for (const share of [0.05, 0.1, 0.3, 0.6, 0.9]) t.true(Math.abs(area(pressureForArea(share), 0) - share) < 1e-6);
});

test('a probe that is set down touches from one edge to the other', (t) => {
	t.is(contactAt(0, 0), 0);
	t.is(contactAt(0.4, 1), 0.4 * 1.5 - 0.5);
	t.true(contactAt(0.4, 0) > contactAt(0.4, 1));
	t.is(contactAt(1, 0), 1);
	t.is(contactAt(1, 1), 1);
});

function seen(...images: [landmark: Truth['landmark'], vein: Truth['vein'], frozen?: boolean][]): CaptureRule {
	const rule = new CaptureRule();
	images.forEach(([landmark, vein, frozen = false], i) => {
		rule.see({ ...noTruth(), landmark, vein, frozen }, i * 50);
	});
	return rule;
}

const open = ['sfj', 'open'] as [Truth['landmark'], Truth['vein']];
const closed = ['sfj', 'closed'] as [Truth['landmark'], Truth['vein']];

test('captured is open, then closed for 200 ms without a break', (t) => {
	t.is(seen(open, closed, closed, closed, closed, closed).outcome('sfj'), 'captured');
	t.is(seen(open, closed, closed, closed, closed, closed).outcome('fv'), 'not-captured');
	t.is(seen(open, closed, closed, closed, closed).outcome('sfj'), 'not-captured');
	t.is(seen(closed, closed, closed, closed, closed, closed).outcome('sfj'), 'not-captured');
	t.is(seen(open, closed, closed, ['sfj', 'closing'], closed, closed, closed).outcome('sfj'), 'not-captured');
	t.is(
		seen(open, closed, closed, ['none', 'none'], closed, closed, closed, closed, closed).outcome('sfj'),
		'not-captured',
	);
	t.is(
		seen(open, closed, closed, ['sfj', 'closed', true], closed, closed, closed, closed, closed).outcome('sfj'),
		'not-captured',
	);
});
