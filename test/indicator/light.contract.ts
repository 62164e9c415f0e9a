import test, { type ExecutionContext } from 'ava';
import type { Light } from '../../src/indicator/light.ts';
import { type Shown, shownWords } from '../../src/indicator/shown.ts';

/** A light with eyes on it. */
export interface LightBench {
	light: Light;
	/** What a person sees at a moment. */
	seen(nowMs: number): string;
	/** What the table of states says that a person has to see, so long after the state began. */
	expected(guidance: Shown, elapsedMs: number): string;
	/** What a light that is closed shows. */
	closed: string;
	/** How bright it is while it is on; left out where it knows on and off only. */
	brightness?(): number;
	/** Its hardware refuses everything, or works again. Left out where nothing can fail. */
	fail?(failing: boolean): void;
}

const turnMs = 25;

/** What holds for every light. The tests are serial: some watch the writes of the whole process. */
export function lightContract(name: string, make: (t: ExecutionContext) => LightBench): void {
	const run = (title: string, act: (t: ExecutionContext, bench: LightBench) => void) =>
		test.serial(`${name}: ${title}`, (t) => {
			const bench = make(t);
			t.teardown(() => {
				bench.fail?.(false);
				bench.light.close();
			});
			act(t, bench);
		});

	/** Renews a state for so long, as the vision loop does; looks before each renewal. */
	function hold(bench: LightBench, guidance: Shown, fromMs: number, forMs: number, look?: (nowMs: number) => void) {
		for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += turnMs) {
			bench.light.show({ guidance, site: 'sfj', expiresMs: nowMs + 250 }, { nowMs });
			look?.(nowMs);
		}
	}

	run('opened, it claims nothing', (t, bench) => {
		bench.light.open();
		const seen = bench.seen(0);
		t.true([bench.expected('dont-know', 0), bench.closed].includes(seen), seen);
	});

	run('each state looks as the table says, all the time', (t, bench) => {
		bench.light.open();
		let nowMs = 1000;
		for (const guidance of shownWords) {
			const sinceMs = nowMs;
			hold(bench, guidance, sinceMs, 2500, (now) =>
				t.is(bench.seen(now), bench.expected(guidance, now - sinceMs), `${guidance} after ${now - sinceMs} ms`),
			);
			nowMs += 2500;
		}
	});

	run('what has expired is don’t know, and so is what has no time', (t, bench) => {
		bench.light.open();
		for (const [i, expiresMs] of [250, Number.NaN, Number.NEGATIVE_INFINITY].entries()) {
			const startMs = i * 10_000;
			hold(bench, 'captured', startMs, 200);
			const nowMs = startMs + 500;
			bench.light.show({ guidance: 'captured', site: 'sfj', expiresMs: startMs + expiresMs }, { nowMs });
			t.is(bench.seen(nowMs), bench.expected('dont-know', 0));
		}
	});

	run('nothing that it was given is kept', (t, bench) => {
		bench.light.open();
		const indication = { guidance: 'press' as Shown, site: 'sfj', expiresMs: 1250 };
		const moment = { nowMs: 1000 };
		bench.light.show(indication, moment);
		indication.guidance = 'captured';
		indication.expiresMs = 1e9;
		moment.nowMs = 1100;
		t.is(bench.seen(1000), bench.expected('press', 0));
	});

	run('closed, it is dark: at any time, also twice, and it can be opened again', (t, bench) => {
		t.notThrows(() => bench.light.close());
		for (const startMs of [0, 10_000]) {
			bench.light.open();
			hold(bench, 'captured', startMs, 100);
			t.is(bench.seen(startMs + 75), bench.expected('captured', 75));
			bench.light.close();
			t.is(bench.seen(startMs + 76), bench.closed);
			bench.light.close();
		}
	});

	run('it can be dimmed before it is opened and while it is lit, and says the same', (t, bench) => {
		bench.light.dim(100);
		bench.light.open();
		hold(bench, 'captured', 0, 100);
		const full = bench.brightness?.() ?? 0;
		bench.light.dim(20);
		hold(bench, 'captured', 100, 100);
		t.is(bench.seen(175), bench.expected('captured', 175));
		if (bench.brightness) t.true(bench.brightness() > 0 && bench.brightness() < full / 2);
		bench.light.dim(100);
		hold(bench, 'captured', 200, 100);
		if (bench.brightness) t.is(bench.brightness(), full);
	});

	run('hardware that refuses is one named failure, and once it works the light does', (t, bench) => {
		if (!bench.fail) {
			t.pass();
			return;
		}
		bench.light.open();
		hold(bench, 'captured', 0, 100);
		bench.fail(true);
		const error = t.throws(() => hold(bench, 'press', 100, 1000));
		t.like(error, { name: 'PhleboxError', code: 'light-failed' });
		t.false(error!.message.includes('\n'));
		try {
			bench.light.close();
		} catch {
			// That it may still be lit is said by throwing.
		}
		bench.fail(false);
		bench.light.open();
		hold(bench, 'press', 5000, 100);
		t.is(bench.seen(5075), bench.expected('press', 75));
	});
}
