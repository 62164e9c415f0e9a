import { lightTable } from '../lightTable.ts';
import type { Shown } from '../shown.ts';
import { siteName } from '../siteName.ts';
import { cellHeight, cellWidth, isInk } from './glyphs.ts';

/** What a display shows of a state: one byte a pixel, row by row, 1 for ink. */
export interface Picture {
	readonly width: number;
	readonly height: number;
	readonly ink: Uint8Array;
}

/** The longest word of the table: every word is written as large as this one can be. */
const wordLetters = Math.max(...Object.values(lightTable).map(({ text }) => text.length));

export function createPicture(width: number, height: number): Picture {
	return { width, height, ink: new Uint8Array(width * height) };
}

/** Writes the state into the picture: its word as large as it goes, then the site, then what it means and what to do. */
export function drawState(picture: Picture, guidance: Shown, site: string | null): void {
	picture.ink.fill(0);
	const { text, symbol, detail } = lightTable[guidance];
	const scale = Math.max(1, Math.floor(picture.width / (wordLetters * cellWidth)));
	write(picture, text, 0, 0, scale);
	const small = Math.max(1, Math.floor(scale / 2));
	const letters = Math.floor(picture.width / (small * cellWidth));
	const place = site === null ? [] : wrapped(`${symbol} ${site}: ${siteName(site)}`, letters);
	let top = (scale + 0) * cellHeight;
	for (const line of [...place, ...wrapped(detail, letters)]) {
		if (top + small * cellHeight > picture.height) return;
		write(picture, line, 0, top, small);
		top += small * cellHeight;
	}
}

/** Breaks a text into lines of whole words; a word that is longer than a line is cut. */
export function wrapped(text: string, letters: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > letters) {
			lines.push(line);
			line = '';
		}
		line = line === '' ? word.slice(0, letters) : `${line} ${word}`;
	}
	return line === '' ? lines : [...lines, line];
}

function write(picture: Picture, text: string, left: number, top: number, scale: number): void {
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		for (let row = 0; row < cellHeight - 1; row++)
			for (let column = 0; column < cellWidth - 1; column++)
				if (isInk(code, column, row)) fill(picture, left + (i * cellWidth + column) * scale, top + row * scale, scale);
	}
}

function fill({ width, height, ink }: Picture, left: number, top: number, size: number): void {
	const right = Math.min(left + size, width);
	for (let y = top; y < Math.min(top + size, height); y++)
		if (left < right) ink.fill(1, y * width + left, y * width + right);
}
