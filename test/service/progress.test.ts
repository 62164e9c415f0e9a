import test from 'ava';
import { Progress, progressSigns } from '../../src/service/progress.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

const limits = { turnMs: 2000, startMs: 30_000 };

test('turns feed the watchdog, and nothing else does', (t) => {
	const progress = new Progress(limits, 0);
	t.true(progress.look({ heartbeatMs: 1000, ready: true }, 1500));
	t.true(progress.look({ heartbeatMs: 1000, ready: true }, 3000));
	t.false(progress.look({ heartbeatMs: 1000, ready: true }, 3001));
	t.true(progress.look({ heartbeatMs: 3100, ready: true }, 3200));
});

test('loading the model takes its time, but not for ever', (t) => {
	const progress = new Progress(limits, 0);
	t.true(progress.look({ heartbeatMs: 0, ready: false }, 30_000));
	t.false(progress.look({ heartbeatMs: 0, ready: false }, 30_001));
});

test('a thread that is started again and again without a turn feeds nothing, though each start gives signs of life', (t) => {
	const progress = new Progress(limits, 0);
	progress.look({ heartbeatMs: 10_000, ready: true }, 10_000);
	const fed = Array.from({ length: 20 }, (_, i) => {
		const nowMs = 12_000 + i * 4000;
		return progress.look({ heartbeatMs: nowMs - 100, ready: false }, nowMs);
	});
	t.deepEqual(
		fed
			.map((is, i) => (is ? 12_000 + i * 4000 : 0))
			.filter((ms) => ms > 0)
			.at(-1),
		40_000,
	);
	t.false(fed.at(-1));
});

test('a loop that gets no frame because a thread that hangs has the device counts as one that does not work', (t) => {
	const board = new StatusBoard(['sfj']);
	board.set('heartbeatMs', 7);
	const readyWith = (signal: 'ok' | 'error' | 'no-signal', hanging: boolean) => {
		board.signal = signal;
		return progressSigns({ board, ready: true, hanging }).ready;
	};
	t.false(readyWith('error', true));
	t.true(readyWith('error', false), 'another program has it: no restart would mend that');
	t.true(readyWith('ok', true));
	t.true(readyWith('no-signal', true));
	t.deepEqual(progressSigns({ board, ready: false, hanging: false }), { heartbeatMs: 7, ready: false });
});
