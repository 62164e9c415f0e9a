import test from 'ava';
import { allocatedPerTurn } from '../allocation/allocatedPerTurn.ts';

test('a look at the screen allocates nothing', async (t) => {
	const bytes = await allocatedPerTurn(new URL('looks.js', import.meta.url));
	t.log(`${bytes.toFixed(1)} bytes a look`);
	// Less than one number, which is 16. The judging of a search comes every 140 looks and is never compiled.
	t.true(bytes < 12, `${bytes} bytes a look`);
});
