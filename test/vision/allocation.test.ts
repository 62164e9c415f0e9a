import test from 'ava';
import { allocatedPerTurn } from '../allocation/allocatedPerTurn.ts';

test('a frame on its way to the light allocates nothing', async (t) => {
	const bytes = await allocatedPerTurn(new URL('frames.js', import.meta.url));
	t.log(`${bytes.toFixed(1)} bytes a frame`);
	// Less than one number, which is 16. The LED is written and the preview drawn now and then.
	t.true(bytes < 8, `${bytes} bytes a frame`);
});
