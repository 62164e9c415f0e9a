import test from 'ava';
import { allocatedPerTurn } from '../allocation/allocatedPerTurn.ts';

test('a turn allocates nothing', async (t) => {
	const bytes = await allocatedPerTurn(new URL('turns.js', import.meta.url));
	t.log(`${bytes.toFixed(1)} bytes a turn`);
	// Less than one number, which is 16.
	t.true(bytes < 4, `${bytes} bytes a turn`);
});
