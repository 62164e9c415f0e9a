import test from 'ava';
import { progressText } from '../../src/cli/progressLine.ts';

test('progress says how long the rest takes once a part is done, and no guess before', (t) => {
	t.is(progressText('soak', 0, 1000, 1.2, 'starting'), 'soak: 0 of 1000, 1 s; starting');
	t.is(progressText('bench', 500, 2000, 4.4), 'bench: 500 of 2000, 4 s, about 13 s left');
	t.is(progressText('bench', 2000, 2000, 17.6), 'bench: 2000 of 2000, 18 s, about 0 s left');
});
