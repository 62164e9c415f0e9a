import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import type { Indication, Light } from '../../src/indicator/light.ts';
import { Lights } from '../../src/indicator/lights.ts';

type Call = 'open' | 'show' | 'close';

/** A light that fails where it is told to, and remembers what it was asked. */
class TestLight implements Light {
	readonly name: string;
	readonly failing = new Set<Call>();
	readonly calls: Call[] = [];
	readonly shown: string[] = [];

	constructor(name: string) {
		this.name = name;
	}

	#call(call: Call): void {
		this.calls.push(call);
		if (this.failing.has(call)) throw new Error(`${call} failed\nsecond line`);
	}

	open(): void {
		this.#call('open');
	}

	show(indication: Indication): void {
		this.#call('show');
		this.shown.push(indication.guidance);
	}

	readonly dims: number[] = [];

	dim(percent: number): void {
		this.dims.push(percent);
	}

	close(): void {
		this.#call('close');
	}
}

const press: Indication = { guidance: 'press', site: 'sfj', expiresMs: 1e9 };

function three() {
	const lights = [new TestLight('a'), new TestLight('b'), new TestLight('c')] as const;
	const changes: string[] = [];
	const all = new Lights(lights, { retryMs: 1000 }, (light, failure) =>
		changes.push(`${light.name} ${failure?.message}`),
	);
	return { lights, all, changes };
}

test('all lights show the same', (t) => {
	const { lights, all } = three();
	all.open();
	all.show(press, { nowMs: 0 });
	all.close();
	for (const { calls, shown } of lights) {
		t.deepEqual(calls, ['open', 'show', 'close']);
		t.deepEqual(shown, ['press']);
	}
	t.is(all.name, 'a, b, c');
	t.is(all.count, 3);
	t.is(all.failed, 0);
});

test('a light that fails to show is closed and counted, and the others go on', (t) => {
	const { lights, all, changes } = three();
	all.open();
	lights[1].failing.add('show');
	for (let nowMs = 0; nowMs < 500; nowMs += 100) all.show(press, { nowMs });
	t.deepEqual(lights[1].calls, ['open', 'show', 'close']);
	t.is(lights[0].shown.length, 5);
	t.is(lights[2].shown.length, 5);
	t.is(all.failed, 1);
	t.is(all.failures, 1);
	t.deepEqual(changes, ['b b: show failed']);
	const failure = all.failureOf(1)!;
	t.true(failure instanceof PhleboxError);
	t.is(failure.code, 'light-failed');
	t.is(all.failureOf(0), null);
	t.is(all.failureOf(7), null);
});

test('a light that failed is opened again at intervals, and then shows at once', (t) => {
	const { lights, all, changes } = three();
	all.open();
	lights[1].failing.add('show');
	all.show(press, { nowMs: 0 });
	lights[1].failing.clear();
	lights[1].failing.add('open');
	for (let nowMs = 0; nowMs <= 3999; nowMs += 31) all.show(press, { nowMs });
	t.is(lights[1].calls.filter((call) => call === 'open').length, 4, 'once, and after 1, 2 and 3 seconds');
	t.is(all.failures, 4);
	lights[1].failing.clear();
	all.show(press, { nowMs: 6000 });
	t.deepEqual(lights[1].shown, ['press']);
	t.is(all.failed, 0);
	t.is(changes.at(-1), 'b undefined');
});

test('a light that is not there at the start does not stop the box, and is tried again', (t) => {
	const { lights, all } = three();
	lights[0].failing.add('open');
	t.notThrows(() => all.open());
	t.is(all.failed, 1);
	lights[0].failing.clear();
	all.show(press, { nowMs: 5000 });
	t.deepEqual(lights[0].shown, [], 'not before the interval has passed');
	all.show(press, { nowMs: 6000 });
	t.deepEqual(lights[0].shown, ['press']);
	t.is(all.failed, 0);
});

test('nothing that a light or a listener throws comes through', (t) => {
	const bad = new TestLight('bad');
	const good = new TestLight('good');
	for (const call of ['open', 'show', 'close'] as const) bad.failing.add(call);
	const all = new Lights([bad, good], {}, () => {
		throw new Error('the listener failed');
	});
	t.notThrows(() => {
		all.open();
		all.show(press, { nowMs: 0 });
		all.show(press, { nowMs: 1e6 });
		all.close();
	});
	t.deepEqual(good.calls, ['open', 'show', 'show', 'close']);
});

test('a PhleboxError of a light is passed on as it is', (t) => {
	const failure = new PhleboxError('light-failed', 'LED: gone');
	const light: Light = {
		name: 'led',
		open: () => {},
		show: () => {
			throw failure;
		},
		dim: () => {},
		close: () => {},
	};
	const all = new Lights([light]);
	all.open();
	all.show(press, { nowMs: 0 });
	t.is(all.failureOf(0), failure);
});

test('no lights at all are lights too', (t) => {
	const all = new Lights([]);
	all.open();
	all.show(press, { nowMs: 0 });
	all.close();
	t.is(all.name, 'no light');
	t.is(all.failed, 0);
});

test('brightness goes to all lights, to those too that do not work now', (t) => {
	const { lights, all } = three();
	lights[1].failing.add('open');
	all.open();
	all.dim(20);
	t.deepEqual(
		lights.map(({ dims }) => dims),
		[[20], [20], [20]],
	);
});
