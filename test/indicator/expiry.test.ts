import test from 'ava';
import fc from 'fast-check';
import { guidances } from '../../src/exam/guidance.ts';
import { whatToShow } from '../../src/indicator/expiry.ts';

const times = fc.double({ min: 0, max: 1e9 });

test('before its expiry a result is shown as it is, from then on it is dont-know', (t) => {
	fc.assert(
		fc.property(fc.constantFrom(...guidances), times, times, (guidance, expiresMs, nowMs) => {
			const shown = whatToShow({ guidance, site: 'sfj', expiresMs }, { nowMs });
			t.is(shown, nowMs < expiresMs ? guidance : 'dont-know');
		}),
	);
	t.is(whatToShow({ guidance: 'captured', site: 'sfj', expiresMs: 250 }, { nowMs: 249.99 }), 'captured');
	t.is(whatToShow({ guidance: 'captured', site: 'sfj', expiresMs: 250 }, { nowMs: 250 }), 'dont-know');
});

test('a time that is no number is expired', (t) => {
	t.is(whatToShow({ guidance: 'captured', site: null, expiresMs: Number.NaN }, { nowMs: 0 }), 'dont-know');
	t.is(whatToShow({ guidance: 'captured', site: null, expiresMs: 250 }, { nowMs: Number.NaN }), 'dont-know');
});
