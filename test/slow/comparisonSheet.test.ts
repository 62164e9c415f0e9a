import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { writeComparisonSheet } from '../../src/simulator/comparisonSheet.ts';
import { greyPng } from '../../src/simulator/greyPng.ts';
import { readRealPictures } from '../../src/simulator/realPictures.ts';
import { hasFfmpeg } from '../capture/recording/recordings.ts';
import { decodePng } from '../simulator/decodePng.ts';

const ffmpeg = hasFfmpeg();
const folder = mkdtempSync(join(tmpdir(), 'phlebox-beside-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A folder with pictures of 40 x 20; picture n is `n * 10` all over. */
function picturesFolder(name: string, count: number): string {
	const path = join(folder, name);
	mkdirSync(path);
	for (let i = 0; i < count; i++)
		writeFileSync(join(path, `p${i}.png`), greyPng(new Uint8Array(800).fill(i * 10), 40, 20));
	writeFileSync(join(path, 'labels.csv'), 'id\n');
	return path;
}

/** A test that needs ffmpeg, and says so in one line where it is missing. */
function withFfmpeg(title: string, act: (t: ExecutionContext) => Promise<void>): void {
	test(title, async (t) => {
		if (ffmpeg) return act(t);
		t.log('not run: ffmpeg is not installed');
		t.pass();
	});
}

withFfmpeg('real pictures are spread evenly over a folder, and other files are passed over', async (t) => {
	const path = picturesFolder('even', 9);
	const pictures = await readRealPictures(path, 3);
	t.deepEqual(
		pictures.map(({ name, width, height, luma }) => [name, width, height, luma[0]]),
		[
			['p0.png', 40, 20, 0],
			['p3.png', 40, 20, 30],
			['p6.png', 40, 20, 60],
		],
	);
	t.is((await readRealPictures(path, 50)).length, 9);
});

withFfmpeg(
	'a sheet holds simulated pictures to the left and real ones to the right, in their proportions',
	async (t) => {
		const beside = picturesFolder('sheet', 2);
		const out = join(folder, 'sheet.png');
		t.deepEqual(await writeComparisonSheet({ out, beside, pictures: 2, cell: 64 }), { simulated: 2, real: 2 });
		const { width, height, pixels } = decodePng(readFileSync(out));
		t.deepEqual([width, height], [384, 58]);
		let ink = 0;
		for (let row = 0; row < 48; row++) for (let x = 0; x < 128; x++) if (pixels[row * width + x]! > 8) ink++;
		t.true(ink > 400, `${ink}`);
		// The second real one: 64 wide, 32 high, then nothing.
		t.is(pixels[31 * width + 4 * 64 + 63], 10);
		t.is(pixels[33 * width + 4 * 64 + 5], 0);
	},
);

test('a folder that is not there or holds no pictures is named in one line', async (t) => {
	const empty = picturesFolder('empty', 0);
	for (const [path, code] of [
		[join(folder, 'nowhere'), 'file-not-found'],
		[empty, 'bad-usage'],
	] as const) {
		const error = await t.throwsAsync(readRealPictures(path, 4), { instanceOf: PhleboxError });
		t.is((error as PhleboxError).code, code);
		t.true(error.message.includes(path) && !error.message.includes('\n'), error.message);
	}
});

test('without ffmpeg on PATH real pictures are refused in one line', (t) => {
	const path = picturesFolder('bare', 1);
	const module = JSON.stringify(new URL('../../src/simulator/realPictures.js', import.meta.url).href);
	const code = `
		import { readRealPictures } from ${module};
		process.env.PATH = ${JSON.stringify(folder)};
		await readRealPictures(${JSON.stringify(path)}, 1).catch((error) => console.log(error.code, error.message));`;
	const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code]);
	t.regex(stdout.toString().trim(), /^ffmpeg-missing .*p0\.png needs ffmpeg.*$/);
});
