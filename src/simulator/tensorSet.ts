import type { FrameMemory } from '../capture/frameMemory.ts';
import { AreaAverage, type Window } from './areaAverage.ts';
import { memoryFor, Playback } from './playback.ts';
import { Random } from './random.ts';
import {
	checkPlanOptions,
	planRecording,
	type RecordingPlan,
	type RecordingPlanOptions,
	recordingPlanDefaults,
} from './recordingPlan.ts';
import type { Progress, RecordingEntry } from './recordingSet.ts';
import { SetFolder } from './setFolder.ts';

export interface TensorSetOptions extends RecordingPlanOptions {
	/** Folder to write; it must be new or empty. */
	out: string;
	recordings: number;
	/** Number of the first recording: several processes can share a set's work. */
	first: number;
	/** Width and height of a tensor. */
	size: number;
	/** Each edge of the scan area is moved by up to this share of its width or height, once a recording. */
	roiJitter: number;
	onProgress?: (progress: Progress) => void;
	signal?: AbortSignal;
}

export const tensorSetDefaults = {
	...recordingPlanDefaults,
	hdmiHz: [50, 60],
	recordings: 25,
	first: 0,
	size: 128,
	roiJitter: 0.04,
} as const;

/** What index.json of a tensor set says of a recording. */
export interface TensorEntry extends Omit<RecordingEntry, 'video' | 'roi'> {
	tensors: string;
	/** Images in `tensors`, and the scanner's images a second. */
	images: number;
	scannerHz: number;
}

/**
 * Writes a set for training: index.json, and for each recording the scan area of its fresh images (ID.u8, raw luma bytes
 * [images, size, size]) and the truth (ID.csv: frame,timeMs,landmark,vein; one row an image).
 * @returns the entries of the index
 * @throws PhleboxError bad-usage for a folder that is not empty, store-full, store-failed
 */
export async function writeTensorSet(
	given: Pick<TensorSetOptions, 'out'> & Partial<TensorSetOptions>,
): Promise<TensorEntry[]> {
	const options: TensorSetOptions = { ...tensorSetDefaults, ...given };
	checkPlanOptions(options);
	const folder = new SetFolder(options.out);
	await folder.open();
	const memory = memoryFor(options.sizes);
	const entries: TensorEntry[] = [];
	for (let i = 0; i < options.recordings; i++) {
		const plan = planRecording(options, options.first + i);
		const entry = await writeTensors(folder, plan, memory, options);
		entries.push(entry);
		options.onProgress?.({ written: i + 1, recordings: options.recordings, id: plan.id, frames: entry.images });
	}
	await folder.index({
		name: `simulated tensors, seed ${options.seed}`,
		license: 'Apache-2.0',
		source: 'phlebox simulator',
		size: options.size,
		recordings: entries,
	});
	return entries;
}

/** The scan area with its edges moved, inside the screen. */
function jittered(roi: Window, jitter: number, plan: RecordingPlan): Window {
	const random = new Random(plan.seed, 101);
	const move = () => random.between(-jitter, jitter);
	const left = Math.max(0, roi.x + move() * roi.width);
	const top = Math.max(0, roi.y + move() * roi.height);
	const right = Math.min(plan.width, roi.x + roi.width * (1 + move()));
	const bottom = Math.min(plan.height, roi.y + roi.height * (1 + move()));
	return { x: left, y: top, width: right - left, height: bottom - top };
}

async function writeTensors(
	folder: SetFolder,
	plan: RecordingPlan,
	memory: FrameMemory,
	options: TensorSetOptions,
): Promise<TensorEntry> {
	const { size } = options;
	const playback = new Playback(plan, memory);
	const area = new AreaAverage(jittered(playback.roi, options.roiJitter, plan), size);
	const rows = ['frame,timeMs,landmark,vein'];
	const tensors = `${plan.id}.u8`;
	const labels = `${plan.id}.csv`;
	await folder.file(tensors, async (write) => {
		const bytes = new Uint8Array(size * size);
		for (const { frame, fresh, truth, timeMs } of playback.frames()) {
			options.signal?.throwIfAborted();
			// A frozen picture repeats; training learns nothing from it.
			if (!fresh) continue;
			area.average(memory.bytes, frame.offset, frame.stride, bytes, 0);
			await write(bytes);
			rows.push(`${rows.length - 1},${timeMs.toFixed(2)},${truth.landmark},${truth.vein}`);
		}
	});
	await folder.text(labels, `${rows.join('\n')}\n`);
	return {
		id: plan.id,
		tensors,
		labels,
		images: rows.length - 1,
		scannerHz: plan.scannerHz,
		layout: plan.layout,
		subject: plan.subject,
		side: plan.side,
		kind: plan.kind,
		expected: playback.expected,
	};
}
