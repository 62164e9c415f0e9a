import type { Roi } from '../capture/frame.ts';
import { advance, type Canvas, type Colour } from './canvas.ts';
import type { ScreenText } from './invented.ts';
import type { Layout } from './layout.ts';
import type { Probe } from './probe.ts';

/** Pixels of a font dot for a screen of this height. */
export function textSize(height: number): number {
	return Math.max(1, Math.round(height / 480));
}

/** Draws everything that stands still on the screen: bands, text, ruler, grey bar, logo. */
export function paintScreen(canvas: Canvas, layout: Layout, probe: Probe, picture: Roi, text: ScreenText): void {
	const { width, height } = canvas;
	const size = textSize(height);
	canvas.fill(0, 0, width, height, layout.ground);
	canvas.fill(0, 0, width, layout.header * height, layout.band);
	canvas.fill(0, height * (1 - layout.footer), width, layout.footer * height, layout.band);
	const [x, y, across, down] = layout.box;
	if (layout.blackBox) canvas.fill(x * width, y * height, across * width, down * height, [16, 128, 128]);
	canvas.fill(picture.x, picture.y, picture.width, picture.height, [0, 128, 128]);
	paintHeader(canvas, layout, text, size);
	paintParameters(canvas, layout, text, size);
	paintGreyBar(canvas, layout);
	paintRuler(canvas, layout, probe, picture, size);
}

function paintHeader(canvas: Canvas, layout: Layout, text: ScreenText, size: number): void {
	const { width, height } = canvas;
	const line = 9 * size;
	const band = Math.max(line, layout.header * height);
	const top = Math.max(1, (band - 2 * line) / 2);
	const one = band < 2 * line;
	const left = 0.02 * width + 12 * size;
	canvas.fill(0.01 * width, Math.max(1, top), 8 * size, 7 * size, [150, 90, 190]);
	canvas.text(text.name, left, top, size, layout.text);
	if (!one) canvas.text(`${text.identity}  ${text.maker}`, left, top + line, size, layout.text);
	const hospitalX = one ? 0.55 * width : 0.46 * width;
	canvas.text(text.hospital, hospitalX, top, size, layout.text);
	if (!one) canvas.text(text.date, hospitalX, top + line, size, layout.text);
}

function paintParameters(canvas: Canvas, layout: Layout, text: ScreenText, size: number): void {
	const { width, height } = canvas;
	const [x, y, across] = layout.box;
	const left = layout.parameters === 'left' ? 0.012 * width : (x + across) * width + 8 * size;
	let top = y * height + 6 * size;
	for (const line of [text.preset, text.probe, ...text.parameters]) {
		// What does not fit between the box and the edge of the screen is left out.
		const room = layout.parameters === 'left' ? x * width - left : width - left;
		canvas.text(line.slice(0, Math.max(0, Math.floor(room / advance(size)))), left, top, size, layout.text);
		top += 10 * size;
	}
}

function paintGreyBar(canvas: Canvas, layout: Layout): void {
	const { width, height } = canvas;
	const [x, y, across, down] = layout.box;
	const left = layout.greyBar === 'left' ? x * width - 0.025 * width : (x + across) * width + 0.04 * width;
	const tall = 0.25 * height;
	const top = (y + down / 2) * height;
	for (let row = 0; row < tall; row++)
		canvas.fill(left, top + row, 0.012 * width, 1, [235 - (215 * row) / tall, 128, 128]);
}

function paintRuler(canvas: Canvas, layout: Layout, probe: Probe, picture: Roi, size: number): void {
	if (layout.ruler === 'inside') return;
	const ink: Colour = layout.blackBox ? [205, 128, 128] : layout.text;
	const left = layout.ruler === 'left' ? picture.x - 7 * size : picture.x + picture.width + 3 * size;
	const pitch = pixelsACentimetre(probe, picture) / 2;
	for (let i = 0; i * pitch < picture.height; i++)
		canvas.fill(left, picture.y + i * pitch, (i % 2 === 0 ? 4 : 2) * size, size, ink);
	const bottom = picture.y + picture.height - 8 * size;
	const label = (probe.depth / 10).toFixed(0);
	canvas.text(label, left + (layout.ruler === 'left' ? -9 : 6) * size, bottom, size, ink);
	const focus = picture.y + picture.height * 0.42;
	canvas.fill(left + 5 * size, focus, 2 * size, 5 * size, [140, 60, 90]);
}

function pixelsACentimetre(probe: Probe, picture: Roi): number {
	const tall =
		probe.kind === 'linear' ? probe.depth : probe.radius + probe.depth - probe.radius * Math.cos(probe.halfAngle);
	return (picture.height / tall) * 10;
}

/** A rectangle of one brightness that the scanner draws over the picture. Pixels of the picture. */
export interface Mark {
	x: number;
	y: number;
	width: number;
	height: number;
	colour: Colour;
}

/** Marks inside the picture: the dot of the probe's side, ticks and focus where the ruler lies inside. */
export function marksInside(layout: Layout, probe: Probe, picture: Roi, screenHeight: number): Mark[] {
	const size = textSize(screenHeight);
	const marks: Mark[] = [];
	if (layout.ruler === 'inside') {
		const pitch = pixelsACentimetre(probe, picture);
		for (let i = 0; i * pitch < picture.height - size; i++)
			marks.push({
				x: picture.width - 3 * size,
				y: Math.round(i * pitch),
				width: 3 * size,
				height: size,
				colour: [205, 128, 128],
			});
		marks.push({
			x: picture.width - 6 * size,
			y: Math.round(picture.height * 0.4),
			width: 2 * size,
			height: 4 * size,
			colour: [150, 70, 80],
		});
	}
	if (layout.markInside) {
		const x = Math.round(picture.width * 0.07);
		marks.push({ x: x + size, y: size, width: 3 * size, height: 5 * size, colour: [140, 100, 90] });
		marks.push({ x, y: 2 * size, width: 5 * size, height: 3 * size, colour: [140, 100, 90] });
	}
	return marks;
}
