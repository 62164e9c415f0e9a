import test from 'ava';
import fc from 'fast-check';
import type { AreaFeatures } from '../../src/screen/areaFeatures.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { createVerdict, refusalOf, stepVerdict } from '../../src/screen/ultrasound.ts';

const options = screenDefaults.judge;

/** The medians of 282 real pictures of the groin. */
const groin: AreaFeatures = {
	...{ shadow: 3, median: 36, light: 140, flat: 0, unevenness: 0.56 },
	...{ grain: 0.5, edges: 0.026, hard: 0.008, drawn: 0.003, coloured: 0, vivid: 0 },
};

test('a picture of the groin is not refused', (t) => {
	t.is(refusalOf(groin, options), '');
});

for (const [features, reason] of [
	[{ shadow: 0, median: 0, light: 3 }, 'the picture is blank'],
	[{ median: 140 }, 'the picture is too bright for a scan'],
	[{ shadow: 60, median: 80 }, 'the picture is too bright for a scan'],
	[{ coloured: 0.6 }, 'the picture is coloured'],
	[{ grain: -0.45 }, 'the picture is noise or lettering'],
	[{ hard: 0.7, edges: 0.08 }, 'the picture is lettering'],
	[{ drawn: 0.5 }, 'the picture is drawn'],
	[{ flat: 0.3 }, 'the picture is smooth where a scan has speckle'],
	[{ median: 80, flat: 0.05, drawn: 0.05 }, 'the picture is like a photograph'],
	[{ unevenness: 0.05 }, 'the picture is even where a scan has structure'],
] as const)
	test(`with ${JSON.stringify(features)} ${reason}`, (t) => {
		t.is(refusalOf({ ...groin, ...features }, options), reason);
	});

test('a few hard edges in a dark picture are marks of the machine, not lettering', (t) => {
	t.is(refusalOf({ ...groin, hard: 0.6, edges: 0.008 }, options), '');
});

test('the first image decides at once', (t) => {
	for (const refusal of ['', 'the picture is blank']) {
		const verdict = createVerdict();
		stepVerdict(verdict, refusal, options);
		t.is(verdict.refusal, refusal);
	}
});

test('one bad image refuses, and only enough good ones in a row accept again', (t) => {
	fc.assert(
		fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (judgements) => {
			const verdict = createVerdict();
			for (const good of judgements) stepVerdict(verdict, good ? '' : 'bad', options);
			const lastBad = judgements.lastIndexOf(false);
			const accepted = lastBad < 0 || judgements.length - 1 - lastBad >= options.goodAfter;
			return (verdict.refusal === '') === accepted;
		}),
	);
	t.pass();
});
