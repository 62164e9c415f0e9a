import { memoryFor, Playback } from './playback.ts';
import {
	checkPlanOptions,
	planRecording,
	type RecordingPlan,
	type RecordingPlanOptions,
	recordingPlanDefaults,
} from './recordingPlan.ts';
import { SetFolder } from './setFolder.ts';

/** Called after each recording. */
export interface Progress {
	/** Recordings written so far, of how many; the last one's name and frames (images in a tensor set). */
	written: number;
	recordings: number;
	id: string;
	frames: number;
}

export interface RecordingSetOptions extends RecordingPlanOptions {
	/** Folder to write; it must be new or empty. */
	out: string;
	/** How many recordings, and the number of the first one: several processes can share a set's work. */
	recordings: number;
	first: number;
	onProgress?: (progress: Progress) => void;
	/** Ends the work between two frames. */
	signal?: AbortSignal;
}

export const recordingSetDefaults = { ...recordingPlanDefaults, recordings: 25, first: 0 } as const;

/** What index.json says of a recording. */
export interface RecordingEntry {
	id: string;
	video: string;
	labels: string;
	roi: [x: number, y: number, width: number, height: number];
	subject: string;
	side: 'left' | 'right';
	kind: string;
	/** The simulated machine's arrangement of the screen. */
	layout: string;
	expected: { landmark: 'sfj' | 'fv' | 'none'; outcome: 'captured' | 'not-captured' };
}

/**
 * Writes a recording set: index.json, and for each recording the whole screen as delivered (ID.y4m, Cmono) and the truth
 * (ID.csv, one row a delivered frame). A minute of 640x480 at 30 frames a second is about 550 MB.
 * @returns the entries of the index
 * @throws PhleboxError bad-usage for a folder that is not empty, store-full, store-failed
 */
export async function writeRecordingSet(
	given: Pick<RecordingSetOptions, 'out'> & Partial<RecordingSetOptions>,
): Promise<RecordingEntry[]> {
	const options: RecordingSetOptions = { ...recordingSetDefaults, ...given };
	checkPlanOptions(options);
	const folder = new SetFolder(options.out);
	await folder.open();
	const memory = memoryFor(options.sizes);
	const entries: RecordingEntry[] = [];
	for (let i = 0; i < options.recordings; i++) {
		const plan = planRecording(options, options.first + i);
		const { entry, frames } = await writeRecording(folder, plan, memory, options.signal);
		entries.push(entry);
		options.onProgress?.({ written: i + 1, recordings: options.recordings, id: plan.id, frames });
	}
	await folder.index({
		name: `simulated, seed ${options.seed}`,
		license: 'Apache-2.0',
		source: 'phlebox simulator',
		recordings: entries,
	});
	return entries;
}

async function writeRecording(
	folder: SetFolder,
	plan: RecordingPlan,
	memory: ReturnType<typeof memoryFor>,
	signal: AbortSignal | undefined,
): Promise<{ entry: RecordingEntry; frames: number }> {
	const playback = new Playback(plan, memory);
	const rows = ['frame,landmark,vein'];
	const video = `${plan.id}.y4m`;
	const marker = Buffer.from('FRAME\n');
	await folder.file(video, async (write) => {
		const rate = `${Math.round(plan.hdmiHz * 1000)}:1000`;
		await write(Buffer.from(`YUV4MPEG2 W${plan.width} H${plan.height} F${rate} Ip A1:1 Cmono\n`));
		const bytes = new Uint8Array(marker.length + plan.width * plan.height);
		bytes.set(marker);
		for (const { frame, truth } of playback.frames()) {
			signal?.throwIfAborted();
			bytes.set(memory.bytes.subarray(frame.offset, frame.offset + frame.byteLength), marker.length);
			await write(bytes);
			rows.push(`${rows.length - 1},${truth.landmark},${truth.vein}`);
		}
	});
	const labels = `${plan.id}.csv`;
	await folder.text(labels, `${rows.join('\n')}\n`);
	const { roi } = playback;
	const entry: RecordingEntry = {
		id: plan.id,
		video,
		labels,
		roi: [roi.x, roi.y, roi.width, roi.height],
		subject: plan.subject,
		side: plan.side,
		kind: plan.kind,
		layout: plan.layout,
		expected: playback.expected,
	};
	return { entry, frames: rows.length - 1 };
}
