import test from 'ava';
import fc from 'fast-check';
import { seed } from './seed.ts';

test('property tests draw the same cases in each run unless others are asked for', (t) => {
	t.is(fc.readConfigureGlobal().seed, seed(process.env.PHLEBOX_SEED));
	t.is(typeof seed(''), 'number');
	t.is(seed(''), seed(''));
	t.is(seed('-7'), -7);
	t.is(seed('random'), undefined);
	for (const asked of ['1.5', 'Random', '99999999999', '0x1'])
		t.throws(() => seed(asked), { message: /^PHLEBOX_SEED: .*whole number/ });
});
