import test from 'ava';
import type { PixelFormat, Roi } from '../../src/capture/frame.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { type AreaFeatures, AreaMeter } from '../../src/screen/areaFeatures.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { refusalOf } from '../../src/screen/ultrasound.ts';
import { DrawnScreen, hash } from './drawnScreen.ts';

const roi = { x: 20, y: 16, width: 320, height: 256 };
const options = screenDefaults.judge;

function measure(draw: (screen: DrawnScreen, roi: Roi) => void, format: PixelFormat = 'GREY'): AreaFeatures {
	const screen = new DrawnScreen(360, 288, format);
	const kernel = new SimdKernel(screen.memory);
	const input = screen.memory.reserve(128 * 128 * 4);
	draw(screen, roi);
	kernel.areaAverage(screen.frame, roi, input, 128, 128);
	const meter = new AreaMeter(screen.memory, input, 128, 128, [options.colourDistance, screenDefaults.colour.distance]);
	meter.measure(screen.frame, roi, options);
	return meter.features;
}

/** Paints the colour of every second pixel of the whole frame. */
function tint(screen: DrawnScreen, colour: (x: number, y: number) => [number, number]): void {
	const { bytes } = screen.memory;
	const { width, height, stride, offset, pixelFormat } = screen.frame;
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x += 2) {
			const packed = offset + y * stride + 2 * x + (pixelFormat === 'YUYV' ? 1 : 0);
			const planar = offset + stride * (height + (y >> 1)) + x;
			const at = pixelFormat === 'NV12' ? planar : packed;
			[bytes[at], bytes[at + (pixelFormat === 'NV12' ? 1 : 2)]] = colour(x, y);
		}
}

test('a scan is ultrasound in every pixel format', (t) => {
	for (const format of ['GREY', 'YUYV', 'UYVY', 'NV12'] as const) {
		const features = measure((screen) => screen.linear(roi, 1), format);
		t.is(refusalOf(features, options), '', format);
		t.is(features.coloured, 0, format);
	}
	t.is(
		refusalOf(
			measure((screen) => screen.sector(roi, 1)),
			options,
		),
		'',
	);
});

for (const [what, draw, reason] of [
	['black', () => {}, 'the picture is blank'],
	['one grey', (screen: DrawnScreen) => screen.fill(roi, 90), 'the picture is blank'],
	[
		'a page of text, black on white',
		(screen: DrawnScreen) => {
			screen.fill(roi, 245);
			for (let y = 20; y < 260; y += 14) screen.letters(24, y, 38, 10, y);
		},
		'the picture is too bright for a scan',
	],
	[
		'a page of text, white on black',
		(screen: DrawnScreen) => {
			for (let y = 20; y < 260; y += 14) screen.letters(24, y, 38, 230, y);
		},
		'the picture is lettering',
	],
	['grey bars', (screen: DrawnScreen) => screen.paint(roi, (x) => (x >> 5) * 20), 'the picture is drawn'],
	[
		'a smooth gradient with soft shapes, like a film',
		(screen: DrawnScreen) =>
			screen.paint(
				roi,
				(x, y) => 45 + 35 * Math.sin(x / 150) * Math.cos(y / 120) + 1.5 * Math.sin(x * 1.1 + 2 * Math.sin(y / 7)),
			),
		'the picture is smooth where a scan has speckle',
	],
	[
		'noise',
		(screen: DrawnScreen) => screen.paint(roi, (x, y) => hash(x, y, 1) * 80),
		'the picture is noise or lettering',
	],
	[
		'noise in large grains',
		(screen: DrawnScreen) => screen.paint(roi, (x, y) => hash(x >> 2, y >> 2, 1) * 60),
		'the picture is even where a scan has structure',
	],
] as const)
	test(`${what}: ${reason}`, (t) => {
		t.is(refusalOf(measure(draw), options), reason);
	});

for (const format of ['YUYV', 'UYVY', 'NV12'] as const)
	test(`colour is seen in ${format}, and a tinted grey scale is none`, (t) => {
		const film = measure((screen) => {
			screen.linear(roi, 1);
			tint(screen, (x, y) => [128 + 60 * Math.sin(x / 40), 128 + 60 * Math.sin(y / 30)]);
		}, format);
		t.true(film.coloured > 0.4);
		t.is(refusalOf(film, options), 'the picture is coloured');
		const sepia = measure((screen) => {
			screen.linear(roi, 1);
			tint(screen, () => [112, 140]);
		}, format);
		t.is(sepia.coloured, 0);
		t.is(refusalOf(sepia, options), '');
	});

test('colour in one half of the picture is seen there', (t) => {
	for (const format of ['YUYV', 'UYVY', 'NV12'] as const) {
		const half = measure((screen) => tint(screen, (x) => [x < 180 ? 128 : 200, 128]), format);
		t.true(Math.abs(half.coloured - 1) < 0.01, 'both halves are far from the mean of the two');
		const tenth = measure((screen) => tint(screen, (x) => [x < 308 ? 128 : 200, 128]), format);
		t.true(Math.abs(tenth.coloured - 0.1) < 0.02, `${format} ${tenth.coloured}`);
	}
});
