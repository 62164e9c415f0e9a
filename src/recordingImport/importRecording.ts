import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Roi } from '../capture/frame.ts';
import { formatHeader, frameMarker } from '../capture/recording/y4m.ts';
import { messageOf, PhleboxError } from '../errors.ts';
import { findArea, RecordingPlayer } from '../evaluation/recordingPlayer.ts';
import type { Label, Recording } from '../evaluation/recordingSet.ts';
import type { SetFolder } from '../simulator/setFolder.ts';
import { blackenOutside } from './blacken.ts';
import { LabelledOutcome, type Said } from './labelledOutcome.ts';
import { parseLabelSheet } from './labelSheet.ts';
import { SetAppender } from './setAppender.ts';

export interface ImportOptions
	extends Said,
		Partial<Pick<Recording, 'id' | 'roi' | 'subject' | 'side' | 'kind' | 'layout'>> {
	video: string;
	labels: string;
	/** Folder of the set; made where there is none. */
	into: string;
	/** Landmarks that labels may name, `none` included. */
	landmarks: readonly string[];
	/** Frames a second in place of the video's own. */
	fps?: number;
	/** Everything outside the scan area is made black. */
	crop: boolean;
	/** Of the set, where it is new. */
	license: string;
	onProgress?(done: number, all: number): void;
	/** Ends the work between two frames, with its reason. */
	signal?: AbortSignal;
}

export interface Imported {
	entry: Recording;
	frames: number;
	/** Recordings in the set, this one included. */
	recordings: number;
}

const inputSize = 128;

/**
 * Brings someone's own video and labels into a recording set; a set that could not take it is as it was.
 * @throws PhleboxError bad-usage, set-invalid, roi-invalid, store-full, store-failed, or what the video's opening throws
 */
export async function importRecording(options: ImportOptions): Promise<Imported> {
	const { video, into, landmarks } = options;
	const labels = parseLabelSheet(readText(options.labels), options.labels, landmarks);
	if (options.landmark !== undefined && !landmarks.includes(options.landmark))
		throw new PhleboxError('bad-usage', `--landmark ${options.landmark} is unknown; known are ${landmarks.join(', ')}`);
	const id = options.id ?? idOf(video);
	const name = basename(resolve(into));
	const appender = new SetAppender(into, id, { name, license: options.license, source: 'phlebox import' });
	const folder = await appender.open();
	try {
		const roi = options.roi ?? foundArea(options);
		const expected = await write(folder, id, roi, labels, options);
		const { subject, side, kind, layout } = options;
		const entry: Recording = {
			...{ id, video: `${id}.y4m`, labels: `${id}.csv`, roi },
			...(subject === undefined ? {} : { subject }),
			...(side === undefined ? {} : { side }),
			...(kind === undefined ? {} : { kind }),
			...(layout === undefined ? {} : { layout }),
			expected,
		};
		return { entry, frames: labels.length, recordings: await appender.commit(entry) };
	} catch (error) {
		await appender.abandon();
		throw error;
	}
}

/** The video, luma alone, and one label a frame; then what is to come of it. */
async function write(
	folder: SetFolder,
	id: string,
	roi: Recording['roi'],
	labels: readonly Label[],
	options: ImportOptions,
): Promise<Recording['expected']> {
	const { video, fps, crop, onProgress } = options;
	const player = new RecordingPlayer(video, { area: roi, size: inputSize, ...(fps === undefined ? {} : { fps }) });
	const outcome = new LabelledOutcome();
	const [x, y, width, height] = roi;
	const area: Roi = { x, y, width, height };
	const marker = Buffer.from(frameMarker);
	let frames = 0;
	await folder.file(`${id}.y4m`, async (put) => {
		for (const { place, timeMs, frame, bytes, view } of player.frames()) {
			options.signal?.throwIfAborted();
			const label = labels[place];
			if (!label) throw miscounted(options, `more than ${labels.length} frames`, labels.length);
			if (place === 0) await put(header(frame.width, frame.height, player.framesPerSecond));
			outcome.see(label, timeMs, view);
			if (crop) blackenOutside(bytes, frame, area);
			await put(marker);
			await put(bytes.subarray(frame.offset, frame.offset + frame.byteLength));
			frames++;
			onProgress?.(frames, labels.length);
		}
	});
	if (frames !== labels.length) throw miscounted(options, `${frames} frames`, labels.length);
	const rows = labels.map(({ landmark, vein }, place) => `${place},${landmark},${vein}`);
	await folder.text(`${id}.csv`, `frame,landmark,vein\n${rows.join('\n')}\n`);
	return outcome.expected(options);
}

function header(width: number, height: number, fps: number): Buffer {
	const rate = { numerator: Math.round(fps * 1000), denominator: 1000 };
	return Buffer.from(formatHeader({ width, height, rate, colourSpace: 'mono' }));
}

function miscounted({ video, labels }: ImportOptions, frames: string, count: number): PhleboxError {
	return new PhleboxError(
		'set-invalid',
		`${video} has ${frames} and ${labels} has ${count} labels; each frame needs one`,
	);
}

function foundArea({ video, fps }: ImportOptions): Recording['roi'] {
	const found = findArea(video, fps);
	if (!found) throw new PhleboxError('roi-invalid', `${video}: no scan area was found on it; give --roi x,y,w,h`);
	return [found.x, found.y, found.width, found.height];
}

function idOf(video: string): string {
	const id = basename(video)
		.replace(/\.[^.]+$/, '')
		.replaceAll(/[^\w.-]+/g, '-')
		.replaceAll(/^[.-]+|[.-]+$/g, '');
	if (id === '') throw new PhleboxError('bad-usage', `${video}: its name gives no id; give --id`);
	return id;
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new PhleboxError('file-not-found', `${file}: cannot be read (${messageOf(error)})`, { cause: error });
	}
}
