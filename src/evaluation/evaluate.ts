import { join } from 'node:path';
import { RecordingSource } from '../capture/recording/recordingSource.ts';
import type { Config } from '../config/schema.ts';
import { PhleboxError } from '../errors.ts';
import { endExamination } from '../exam/command.ts';
import type { ExamRecord } from '../exam/record.ts';
import { type Assembly, assemble } from '../vision/assemble.ts';
import { sitesOf } from '../vision/protocol.ts';
import { StatusBoard } from '../vision/statusBoard.ts';
import { type Label, type Recording, readLabels, readRecordingSet } from './recordingSet.ts';
import { type Evaluation, Tally } from './tally.ts';

export interface EvaluateOptions {
	/** Let the screen find the scan area by itself instead of taking the set's. */
	findRoi: boolean;
	/** Called after each recording. */
	onProgress?(done: number, all: number, id: string): void;
}

/** Longest wait for a frame of a recording: a decoder may take its time, and here nobody waits for a light. */
const frameDeadlineMs = 30_000;

/**
 * Judges a model on a recording set: each recording goes the whole way that a scan goes in the box, as fast as it goes,
 * as an examination of its own. Frames count by the most probable class, recordings by the examination's own outcome.
 * @throws PhleboxError set-invalid, file-not-found, video-truncated, roi-invalid, or what the model's loading throws
 */
export function evaluate(folder: string, config: Config, options: EvaluateOptions): Evaluation {
	const set = readRecordingSet(folder);
	const sites = sitesOf(config);
	const tally = new Tally([...sites, 'none']);
	let model: Evaluation['model'] = { name: '', version: '', sha256: '' };
	let seconds = 0;
	for (const [place, recording] of set.recordings.entries()) {
		const startMs = performance.now();
		model = evaluateRecording(folder, recording, config, sites, options, tally);
		seconds += (performance.now() - startMs) / 1000;
		options.onProgress?.(place + 1, set.recordings.length, recording.id);
	}
	return tally.result(seconds, model);
}

function evaluateRecording(
	folder: string,
	recording: Recording,
	config: Config,
	sites: readonly string[],
	{ findRoi }: EvaluateOptions,
	tally: Tally,
): Evaluation['model'] {
	const labels = readLabels(join(folder, recording.labels));
	const source = new RecordingSource({ file: join(folder, recording.video), pace: 'fast', loop: false });
	const records: ExamRecord[] = [];
	const assembly = assemble({
		config: {
			...config,
			capture: { ...config.capture, frameDeadlineMs },
			screen: { ...config.screen, roi: findRoi ? 'auto' : recording.roi },
			indicator: { ...config.indicator, leds: [] },
			vision: { ...config.vision, previewHz: 0 },
		},
		board: new StatusBoard(sites),
		exam: null,
		record: (record) => records.push(record),
		source,
	});
	try {
		play(assembly, labels, recording, tally);
		if (source.truncated) throw source.truncated;
	} finally {
		assembly.close();
	}
	tally.recording(recording, records);
	const { name, version, sha256 } = assembly.ready.model;
	return { name, version, sha256 };
}

/** Every frame through the loop; a repeated image has the answer of the one before it. */
function play({ loop }: Assembly, labels: readonly Label[], { id }: Recording, tally: Tally): void {
	const answer = { landmark: 'none', vein: 'none' as Label['vein'] };
	let frames = 0;
	let timeMs = 0;
	for (;;) {
		loop.turn();
		if (loop.ended) break;
		const { observation, exam } = loop;
		if (observation.signal !== 'ok') continue;
		const label = labels[frames++];
		if (!label)
			throw new PhleboxError('set-invalid', `recording ${id} has more frames than its ${labels.length} labels`);
		timeMs = observation.timeMs;
		if (!observation.repeated || observation.scene !== 'live') {
			answer.landmark = observation.landmark;
			answer.vein = observation.vein;
		}
		tally.frame(answer, label, exam.step.guidance === 'dont-know');
	}
	if (frames !== labels.length)
		throw new PhleboxError('set-invalid', `recording ${id} has ${frames} frames and ${labels.length} labels`);
	loop.command((state, now, next) => endExamination(state, now, next), timeMs);
}
