import { readFileSync } from 'node:fs';
import test from 'ava';
import { DisplayLight } from '../../../src/indicator/display/displayLight.ts';
import { Framebuffer } from '../../../src/indicator/display/framebuffer.ts';
import { isInk } from '../../../src/indicator/display/glyphs.ts';
import { createPicture, drawState, type Picture, wrapped } from '../../../src/indicator/display/picture.ts';
import { Ssd1306 } from '../../../src/indicator/display/ssd1306.ts';
import { colours, lightTable } from '../../../src/indicator/lightTable.ts';
import { isOn } from '../../../src/indicator/pattern.ts';
import { type Shown, shownWords } from '../../../src/indicator/shown.ts';
import { siteName } from '../../../src/indicator/siteName.ts';
import { lightContract } from '../light.contract.ts';
import { FakeFramebuffer } from './fakeFramebuffer.ts';
import { FakeSsd1306 } from './fakeSsd1306.ts';

const pictures = new Map<string, Picture>();
const shown = new Map<number, Uint8Array>();
function known(width: number, height: number, guidance: Shown, site: string | null): Picture {
	const key = `${width} ${height} ${guidance} ${site}`;
	const picture = pictures.get(key) ?? createPicture(width, height);
	if (!pictures.has(key)) drawState(picture, guidance, site);
	pictures.set(key, picture);
	return picture;
}

/** Which state's words stand on a display, and whether its ground is lit. */
function read(width: number, height: number, ink: (x: number, y: number) => boolean, lit: boolean): string {
	const seen = shown.get(width * height) ?? new Uint8Array(width * height);
	shown.set(width * height, seen);
	for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) seen[i] = ink(x, y) ? 1 : 0;
	for (const guidance of shownWords)
		for (const site of ['sfj', null])
			if (Buffer.compare(known(width, height, guidance, site).ink, seen) === 0)
				return `${guidance}${lit ? ' lit' : ''}`;
	return 'no known words';
}

const says = (guidance: Shown, elapsedMs: number) => {
	const { colour, pattern } = lightTable[guidance];
	return `${guidance}${colour !== 'dark' && isOn(pattern, elapsedMs) ? ' lit' : ''}`;
};

test('an SSD1306 that was without power for a moment shows the same again, and nobody sees it drawn', (t) => {
	const chip = new FakeSsd1306(64);
	const light = new DisplayLight(new Ssd1306({ bus: 'fake', address: 0x3c, height: 64, brightness: 100 }, chip));
	const show = (nowMs: number) =>
		light.show({ guidance: 'captured', site: 'sfj', expiresMs: Number.MAX_VALUE }, { nowMs });
	light.open();
	show(0);
	const before = Uint8Array.from(chip.memory);
	const steady = () => {
		t.true(chip.on && chip.inverse);
		t.deepEqual(chip.memory, before);
	};
	steady();
	chip.on = false;
	chip.inverse = false;
	chip.contrast = 0x7f;
	chip.memory.fill(0x55);
	show(1999);
	t.false(chip.on);
	show(2000);
	steady();
	t.is(chip.contrast, 255);
	t.false(chip.torn);
	// One that kept its power takes the same pixels again, lit as it is.
	show(4000);
	steady();
	chip.failing = true;
	t.throws(() => show(6000), { code: 'light-failed' });
});

for (const height of [64, 32] as const)
	lightContract(`SSD1306 with ${height} rows`, () => {
		const chip = new FakeSsd1306(height);
		const seen = () => {
			if (!chip.on) return 'blank';
			return read(128, height, (x, y) => chip.bright(x, y) !== chip.inverse, chip.inverse);
		};
		return {
			light: new DisplayLight(new Ssd1306({ bus: 'fake', address: 0x3c, height, brightness: 100 }, chip)),
			seen,
			expected: says,
			closed: 'blank',
			brightness: () => chip.contrast,
			fail: (failing) => {
				chip.failing = failing;
			},
		};
	});

for (const bits of [16, 24, 32, 8])
	lightContract(`framebuffer with ${bits} bits`, () => {
		const fb = new FakeFramebuffer(bits);
		// The last pixel is ground: no word reaches it.
		const ground = () => fb.look()(fb.width - 1, fb.height - 1);
		const white = ([red, green, blue]: readonly number[]) =>
			red! > 0.1 && Math.abs(red! - green!) < 0.05 && Math.abs(green! - blue!) < 0.05;
		const looked = () => {
			const pixel = fb.look();
			const rows = Array.from({ length: fb.height }, (_, y) => y);
			const dark = (x: number) => rows.every((y) => pixel(x, y).every((part) => part === 0));
			if (Array.from({ length: fb.width }, (_, x) => x).every(dark)) return 'blank';
			const lit = ground().some((part) => part > 0);
			return read(fb.width, fb.height, (x, y) => white(pixel(x, y)), lit);
		};
		// Most looks find the picture of before.
		let bytes = Buffer.alloc(0);
		let answer = '';
		const seen = () => {
			const now = readFileSync(fb.path);
			if (!now.equals(bytes)) answer = looked();
			bytes = now;
			return answer;
		};
		let broken = false;
		const calls = { ...fb.calls };
		const panel = new Framebuffer(fb.path, 100, calls);
		return {
			light: new DisplayLight({
				name: panel.name,
				open: () => panel.open(),
				draw: (...drawn) => {
					if (broken) fb.errno = 'ENODEV';
					if (broken) panel.open();
					panel.draw(...drawn);
				},
				light: (lit) => panel.light(lit),
				dim: (percent) => panel.dim(percent),
				close: () => panel.close(),
			}),
			seen,
			expected: says,
			closed: 'blank',
			brightness: () => ground()[1],
			fail: (failing) => {
				broken = failing;
				fb.errno = failing ? 'ENODEV' : null;
			},
		};
	});

test('on an OLED no pixel is changed while it can be seen: old and new words never mix', (t) => {
	const chip = new FakeSsd1306(64);
	const light = new DisplayLight(new Ssd1306({ bus: 'fake', address: 0x3c, height: 64, brightness: 100 }, chip));
	light.open();
	for (const [i, guidance] of shownWords.entries())
		light.show({ guidance, site: 'fv', expiresMs: 1e9 }, { nowMs: i * 1000 });
	t.false(chip.torn);
});

test('a framebuffer has green in its ground for captured and for no other state', (t) => {
	const fb = new FakeFramebuffer(32);
	const light = new DisplayLight(new Framebuffer(fb.path, 100, fb.calls));
	light.open();
	for (const [i, guidance] of shownWords.entries()) {
		light.show({ guidance, site: null, expiresMs: 1e9 }, { nowMs: i * 10_000 });
		const [red, green, blue] = fb.look()(fb.width - 1, fb.height - 1);
		if (colours[lightTable[guidance].colour].green) t.true(green > red && green > blue, guidance);
		else t.false(green > 0 && green > red && green > blue, guidance);
	}
	light.close();
});

test('a framebuffer that knows palettes only is refused by name', (t) => {
	const fb = new FakeFramebuffer(8);
	fb.paletteOnly = true;
	const light = new DisplayLight(new Framebuffer(fb.path, 100, fb.calls));
	const error = t.throws(() => light.open(), {
		message: /has 8 bits a pixel \(unsupported\); use a mode with 16, 24 or 32/,
	});
	t.like(error, { code: 'light-failed' });
});

test('every letter of every state and site has ink', (t) => {
	const texts = shownWords.flatMap((guidance) =>
		Object.values(lightTable[guidance]).filter((value) => typeof value === 'string'),
	);
	const words = [
		...texts.filter(
			(text) => !text.startsWith('#0') && !text.startsWith('#c') && !text.startsWith('#d') && !text.startsWith('#7'),
		),
		...['sfj', 'fv', 'pop'].map(siteName),
	];
	for (const character of new Set(words.join(''))) {
		if (character === ' ') continue;
		const ink = Array.from({ length: 35 }, (_, i) => isInk(character.charCodeAt(0), i % 5, Math.floor(i / 5)));
		t.true(ink.includes(true), character);
	}
});

test('lines break between words', (t) => {
	t.deepEqual(wrapped('press until it closes', 10), ['press', 'until it', 'closes']);
	t.deepEqual(wrapped('saphenofemoral', 6), ['saphen']);
	t.deepEqual(wrapped('', 6), []);
});
