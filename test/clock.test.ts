import test from 'ava';
import { monotonicMs } from '../src/clock.ts';
import { readClock } from '../src/vision/turnClock.ts';

test('the clock of the main thread is that of the vision loop', (t) => {
	const cells = new Float64Array(2);
	for (let i = 0; i < 1000; i++) {
		readClock(cells, 0);
		const now = monotonicMs();
		readClock(cells, 1);
		t.true(now >= cells[0]! - 0.02 && now <= cells[1]! + 0.02, `${cells[0]} ${now} ${cells[1]}`);
	}
});
