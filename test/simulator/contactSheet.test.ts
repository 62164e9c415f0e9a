import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { writeContactSheet } from '../../src/simulator/contactSheet.ts';
import { greyPng } from '../../src/simulator/greyPng.ts';
import { decodePng } from './decodePng.ts';

test('a grey picture survives as PNG', (t) => {
	const pixels = Uint8Array.from({ length: 35 }, (_, i) => i * 7);
	const png = greyPng(pixels, 7, 5);
	t.is(png.subarray(0, 8).toString('hex'), '89504e470d0a1a0a');
	t.deepEqual(decodePng(png), { width: 7, height: 5, pixels: Buffer.from(pixels) });
	// The check sum of an empty IEND chunk is the same in every PNG.
	t.is(png.subarray(-4).toString('hex'), 'ae426082');
});

test('a contact sheet holds a row a recording', async (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-sheet-'));
	t.teardown(() => rmSync(folder, { recursive: true }));
	const out = join(folder, 'sheet.png');
	await writeContactSheet({
		out,
		recordings: 2,
		pictures: 2,
		pictureWidth: 64,
		sizes: [[480, 360]],
		hdmiHz: [10],
		seconds: 1,
		kinds: ['look-only'],
	});
	const { width, height, pixels } = decodePng(readFileSync(out));
	t.deepEqual([width, height], [128, 148]);
	for (const [x, y] of [
		[0, 0],
		[64, 0],
		[0, 74],
		[64, 74],
	] as const) {
		let ink = 0;
		for (let row = y; row < y + 64; row++)
			for (let column = x; column < x + 64; column++) if (pixels[row * 128 + column]! > 8) ink++;
		t.true(ink > 200, `${ink} pixels at ${x} ${y}`);
	}
	await t.throwsAsync(
		writeContactSheet({
			out: join(folder, 'no', 'sheet.png'),
			recordings: 1,
			pictures: 1,
			pictureWidth: 32,
			seconds: 1,
		}),
		{
			instanceOf: PhleboxError,
		},
	);
});
