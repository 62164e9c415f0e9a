import test from 'ava';
import fc from 'fast-check';
import {
	chromaBytes,
	formatHeader,
	framesPerSecond,
	isY4m,
	parseHeader,
	type Y4mHeader,
} from '../../../src/capture/recording/y4m.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const header = (fields: Partial<Y4mHeader> = {}): Y4mHeader => ({
	width: 5,
	height: 3,
	rate: { numerator: 30, denominator: 1 },
	colourSpace: 'mono',
	...fields,
});

test('what was written is read back', (t) => {
	const size = fc.integer({ min: 1, max: 99_999 });
	const part = fc.integer({ min: 1, max: 999_999 });
	const written = fc.record({
		width: size,
		height: size,
		rate: fc.record({ numerator: part, denominator: part }),
		colourSpace: fc.constantFrom('mono', '420jpeg', '422', '444'),
	});
	fc.assert(
		fc.property(written, fc.string(), (one, behind) => {
			const line = formatHeader(one);
			t.deepEqual(parseHeader(bytes(`${line}FRAME\n${behind}`)), { ...one, byteLength: line.length });
		}),
	);
	t.true(isY4m(bytes(formatHeader(header()))));
});

const headers: [string, string | Partial<Y4mHeader>][] = [
	['YUV4MPEG2 W5 H3 F30:1 Ip A1:1 Cmono\n', header()],
	['YUV4MPEG2 H3 W5\n', header({ rate: { numerator: 0, denominator: 0 }, colourSpace: '420jpeg' })],
	['YUV4MPEG2 W5 H3 F0:0\n', header({ rate: { numerator: 0, denominator: 0 }, colourSpace: '420jpeg' })],
	['YUV4MPEG2  W5  H3 F30:1 Cmono XYSCSS=MONO XCOLORRANGE=FULL\n', header()],
	['YUV4MPEG2 W5 H3 F30:1 Cmono', 'no YUV4MPEG2 header'],
	['YUV4MPEG2W5 H3\n', 'no YUV4MPEG2 header'],
	['', 'no YUV4MPEG2 header'],
	['\n', 'no YUV4MPEG2 header'],
	[`YUV4MPEG2 W5 H3 X${'x'.repeat(2000)}\n`, 'no YUV4MPEG2 header'],
	['YUV4MPEG2 W5\n', 'its header gives no width and height'],
	['YUV4MPEG2 W0 H3\n', 'its header gives no width and height'],
	['YUV4MPEG2 W-5 H3\n', 'its header gives no width and height'],
	['YUV4MPEG2 W5.5 H3\n', 'its header gives no width and height'],
	['YUV4MPEG2 W5 H3 F30\n', 'its frame rate cannot be read'],
];
for (const [text, expected] of headers)
	test(`header ${JSON.stringify(text.slice(0, 60))}`, (t) => {
		const parsed = parseHeader(bytes(text));
		if (typeof expected === 'string') t.is(parsed, expected);
		else t.deepEqual(parsed, { ...expected, byteLength: text.length } as typeof parsed);
	});

const planes: [string, number | undefined][] = [
	['mono', 0],
	['420', 2 * 3 * 2],
	['420jpeg', 2 * 3 * 2],
	['420paldv', 2 * 3 * 2],
	['420mpeg2', 2 * 3 * 2],
	['411', 2 * 2 * 3],
	['422', 2 * 3 * 3],
	['444', 2 * 5 * 3],
	['444alpha', 3 * 5 * 3],
	['420p10', undefined],
	['422p12', undefined],
	['mono16', undefined],
	['rgb', undefined],
];
for (const [colourSpace, expected] of planes)
	test(`a frame of 5x3 in C${colourSpace} has ${expected} bytes behind its luma`, (t) => {
		t.is(chromaBytes(header({ colourSpace })), expected);
	});

test('a rate is a fraction, and may be unknown', (t) => {
	t.is(framesPerSecond(header({ rate: { numerator: 30_000, denominator: 1001 } })), 30_000 / 1001);
	t.is(framesPerSecond(header({ rate: { numerator: 0, denominator: 0 } })), undefined);
	t.is(framesPerSecond(header({ rate: { numerator: 30, denominator: 0 } })), undefined);
});
