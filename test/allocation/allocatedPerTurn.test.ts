import test from 'ava';
import { allocatedPerTurn } from './allocatedPerTurn.ts';

test('one object a turn is found, also where the compiler would save it', async (t) => {
	t.true((await allocatedPerTurn(new URL('oneObject.js', import.meta.url))) > 20);
});

test('one number a turn is found', async (t) => {
	t.true((await allocatedPerTurn(new URL('oneNumber.js', import.meta.url))) >= 15);
});
