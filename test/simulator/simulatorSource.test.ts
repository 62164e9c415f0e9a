import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { PhleboxError } from '../../src/errors.ts';
import { SimulatorSource, type SimulatorSourceOptions } from '../../src/simulator/simulatorSource.ts';
import { trainingScenario } from '../../src/simulator/trainingScenario.ts';
import { frameSourceContract } from '../capture/frameSource.contract.ts';

const small = { width: 480, height: 360, quality: { beams: 96, samples: 200 } } as const;
const pause = new Int32Array(new SharedArrayBuffer(4));

function opened(change: Partial<SimulatorSourceOptions> = {}) {
	const source = new SimulatorSource({ ...small, ...change });
	source.open(createFrameMemory(1, 480 * 360 * 2));
	return source;
}

frameSourceContract(test, 'simulator in real time', {
	create: () => new SimulatorSource(small),
	realtime: true,
	ends: false,
	reopens: true,
	slackMs: 400,
});

frameSourceContract(test, 'simulator as fast as it goes', {
	create: () => new SimulatorSource({ ...small, pace: 'fast', scenario: trainingScenario('half-press', 2, 1000) }),
	realtime: false,
	ends: true,
	reopens: true,
});

test.serial('a slow reader gets the newest frame, and the sequence shows what was dropped', (t) => {
	const source = opened({ hdmiHz: 50 });
	while (source.next(100).kind !== 'frame');
	const { frame } = source.next(100);
	const before = { ...frame };
	Atomics.wait(pause, 0, 0, 300);
	t.is(source.next(0).kind, 'frame');
	const gap = frame.sequence - before.sequence;
	t.true(gap >= 13, `${gap} frames later`);
	t.true(Math.abs(frame.timestampMs - before.timestampMs - gap * 20) < 1e-6);
	source.close();
});

test.serial('it repeats images as a scanner slower than its video output does', (t) => {
	const source = opened({ pace: 'fast', hdmiHz: 60, scannerHz: 20 });
	const fresh: boolean[] = [];
	for (let i = 0; i < 60; i++) {
		t.is(source.next(0).kind, 'frame');
		fresh.push(source.fresh);
	}
	t.is(fresh.filter(Boolean).length, 20);
	t.is(source.truth.image, 19);
	source.close();
});

test.serial('before its time a frame is not there, and that is no fault', (t) => {
	// The second frame is due a minute after the first.
	const source = opened({ hdmiHz: 1 / 60 });
	while (source.next(200).kind !== 'frame');
	const pull = source.next(0);
	t.is(pull.kind, 'idle');
	t.is(pull.signal, 'ok');
	source.close();
});

test.serial('what no simulation can have is said in one line', (t) => {
	for (const [change, message] of [
		[{ width: 100 }, /100x360/],
		[{ width: 481 }, /odd/],
		[{ hdmiHz: 0 }, /no rate/],
		[{ layout: 'baroque' }, /baroque/],
		[{ width: 1920, height: 1080 }, /does not fit/],
	] as const) {
		const source = new SimulatorSource({ ...small, ...change });
		const error = t.throws(() => source.open(createFrameMemory(1, 480 * 360 * 2)), {
			instanceOf: PhleboxError,
			message,
		});
		t.is((error as PhleboxError).code, 'bad-usage');
		t.false(error!.message.includes('\n'));
		t.is(source.next(0).kind, 'end');
	}
});
