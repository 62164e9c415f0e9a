// What the box makes of real pictures: screens and clips through the whole way as recordings, stills of the groin through
// the whole way and through the network alone.
//   node --import tsx test/real/survey.ts FOLDER [--json FILE]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame } from '../../src/capture/frame.ts';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { RecordingSource } from '../../src/capture/recording/recordingSource.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { assemble } from '../../src/vision/assemble.ts';
import { modelFolder, sitesOf } from '../../src/vision/protocol.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

export interface Surveyed {
	file: string;
	frames: number;
	/** The scan area as it was found last, or null. */
	roi: string | null;
	/** Frames by scene, and by what the light said. */
	scenes: Record<string, number>;
	guidances: Record<string, number>;
	captured: string[];
}

/** Seconds that a still is shown. */
const stillSeconds = 3;

/** Plays one file through the whole way, as fast as it goes. */
export function surveyFile(file: string, wholePicture = false): Surveyed {
	const config = loadConfig(null, {});
	const sites = sitesOf(config);
	config.capture.frameDeadlineMs = 30_000;
	if (wholePicture) config.screen.roi = pictureOf(file);
	const board = new StatusBoard(sites);
	const captured: string[] = [];
	const source = new RecordingSource({ file, pace: 'fast', loop: false, stillSeconds });
	const { loop, close } = assemble({
		...{ config, board, exam: null, source },
		record: (record) => record.kind === 'site' && captured.push(record.site.site),
	});
	const result: Surveyed = { file, frames: 0, roi: null, scenes: {}, guidances: {}, captured };
	try {
		for (loop.turn(); !loop.ended; loop.turn()) {
			result.frames++;
			count(result.scenes, loop.observation.scene);
			count(result.guidances, loop.exam.step.guidance);
			const [x, y, width, height] = (['roiX', 'roiY', 'roiWidth', 'roiHeight'] as const).map((name) => board.get(name));
			if (width) result.roi = `${width}x${height} at ${x},${y}`;
		}
	} finally {
		close();
	}
	return result;
}

function count(counts: Record<string, number>, word: string): void {
	counts[word] = (counts[word] ?? 0) + 1;
}

function pictureOf(file: string): [number, number, number, number] {
	const { width, height } = withFrame(file, (frame) => ({ width: frame.width, height: frame.height }));
	return [0, 0, width, height];
}

export function withFrame<Result>(file: string, use: (frame: Frame) => Result, memory = createFrameMemory(1)): Result {
	const source = new RecordingSource({ file, pace: 'fast', loop: false, stillSeconds: 1 });
	try {
		source.open(memory);
		const pull = source.next(30_000);
		if (pull.kind !== 'frame') throw new Error(`${file} has no picture: ${pull.detail}`);
		return use(pull.frame);
	} finally {
		source.close();
	}
}

/** What the network says of a still, shown to it eight times: words and probabilities. */
export function askAboutStills(
	folder: string,
): { file: string; label: string; landmark: string; vein: string; p: number }[] {
	const memory = createFrameMemory(1);
	const kernel = new SimdKernel(memory);
	const { model } = loadModelPackage(modelFolder('shipped'), memory);
	const labels = new Map(
		readFileSync(join(folder, 'labels.csv'), 'utf8')
			.split('\n')
			.map((row) => row.split(','))
			.map((cells) => [cells[0], cells]),
	);
	const head = labels.get('id')!;
	const veinPlace = head.indexOf('vein');
	return stills(folder).map((file) => {
		const answer = withFrame(
			join(folder, file),
			(frame) => {
				const { width, height } = frame;
				kernel.areaAverage(
					frame,
					{ x: 0, y: 0, width, height },
					model.inputOffset,
					model.inputWidth,
					model.inputHeight,
				);
				model.reset();
				for (let i = 0; i < 7; i++) model.run({ intervalMs: i === 0 ? 0 : 40 });
				return model.run({ intervalMs: 40 });
			},
			memory,
		);
		const { landmark, vein, veinConfidence } = answer;
		const cells = labels.get(file.replace('.jpg', ''));
		return { file, label: cells?.[veinPlace] ?? 'unlabelled', landmark, vein, p: veinConfidence };
	});
}

export function stills(folder: string): string[] {
	return readdirSync(folder).filter((name) => name.endsWith('.jpg'));
}

/** Screens and clips of the folder of real pictures. */
export function recordings(folder: string): string[] {
	return ['screens', 'clips'].flatMap((part) =>
		readdirSync(join(folder, part))
			.filter((name) => /\.(png|jpg|mkv|mp4)$/.test(name))
			.map((name) => join(folder, part, name)),
	);
}

function main(folder: string, json: string | undefined): void {
	const surveyed = recordings(folder).map((file) => {
		const row = surveyFile(file);
		console.log(
			[row.file.slice(folder.length + 1), row.roi ?? 'no scan area', row.scenes, row.guidances, row.captured]
				.map((cell) => (typeof cell === 'string' ? cell : JSON.stringify(cell)))
				.join('  '),
		);
		return row;
	});
	const groin = join(folder, 'groin-stills');
	const captured = stills(groin).flatMap((name) => surveyFile(join(groin, name), true).captured);
	console.log(`groin stills: ${stills(groin).length} shown for ${stillSeconds} s each, captured: ${captured.length}`);
	const answers = askAboutStills(groin);
	const table: Record<string, number> = {};
	for (const { label, landmark, vein } of answers) count(table, `labelled ${label}: says ${landmark}, ${vein}`);
	for (const [words, times] of Object.entries(table).sort()) console.log(`${String(times).padStart(4)}  ${words}`);
	if (json !== undefined) writeFileSync(json, JSON.stringify({ surveyed, answers }, null, 2));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const [folder, flag, json] = process.argv.slice(2);
	if (!folder) {
		console.error('usage: survey.ts FOLDER [--json FILE]');
		process.exit(2);
	}
	main(folder, flag === '--json' ? json : undefined);
}
