import { join } from 'node:path';
import { RecordingSource } from '../capture/recording/recordingSource.ts';
import type { Config } from '../config/schema.ts';
import { PhleboxError } from '../errors.ts';
import { endExamination } from '../exam/command.ts';
import { noLandmark } from '../exam/observation.ts';
import type { ExamRecord } from '../exam/record.ts';
import { type Assembly, assemble } from '../vision/assemble.ts';
import { sitesOf } from '../vision/protocol.ts';
import { StatusBoard } from '../vision/statusBoard.ts';
import { type Evaluation, evaluationOf } from './evaluation.ts';
import type { JudgedFrame } from './judgedFrame.ts';
import { type JudgedRecording, RecordingJudge } from './judgedRecording.ts';
import { type Label, type Recording, readLabels, readRecordingSet } from './recordingSet.ts';

export interface EvaluateOptions {
	/** Let the screen find the scan area by itself instead of taking the set's. */
	findRoi: boolean;
	/** Called at each frame. */
	onFrame?(recording: string, frame: Readonly<JudgedFrame>): void;
	/** Called after each recording. */
	onProgress?(done: number, all: number, id: string): void;
}

/** Longest wait for a frame of a recording: a decoder may take its time, and here nobody waits for a light. */
const frameDeadlineMs = 30_000;

/**
 * Judges a model on a recording set: each recording goes the whole way that a scan goes in the box, as fast as it goes,
 * as an examination of its own. Frames count by the most probable class, recordings by the examination's own outcome.
 * @returns the figures, and the recordings as they were judged
 * @throws PhleboxError set-invalid, file-not-found, video-truncated, roi-invalid, or what the model's loading throws
 */
export function evaluate(
	folder: string,
	config: Config,
	options: EvaluateOptions,
): { evaluation: Evaluation; judged: JudgedRecording[] } {
	const { recordings, ...set } = readRecordingSet(folder);
	const sites = sitesOf(config);
	const judged: JudgedRecording[] = [];
	let model: Evaluation['model'] = { name: '', version: '', sha256: '' };
	let seconds = 0;
	for (const [place, recording] of recordings.entries()) {
		const startMs = performance.now();
		const played = evaluateRecording(folder, recording, config, sites, options);
		judged.push(played.judged);
		model = played.model;
		seconds += (performance.now() - startMs) / 1000;
		options.onProgress?.(place + 1, recordings.length, recording.id);
	}
	return { evaluation: evaluationOf(judged, { landmarks: [...sites, noLandmark], seconds, set, model }), judged };
}

function evaluateRecording(
	folder: string,
	recording: Recording,
	config: Config,
	sites: readonly string[],
	{ findRoi, onFrame }: EvaluateOptions,
): { judged: JudgedRecording; model: Evaluation['model'] } {
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
	const judge = new RecordingJudge();
	try {
		play(assembly, labels, recording, (frame) => {
			judge.frame(frame);
			onFrame?.(recording.id, frame);
		});
		if (source.truncated) throw source.truncated;
	} finally {
		assembly.close();
	}
	const { name, version, sha256 } = assembly.ready.model;
	return { judged: judge.end(recording, records), model: { name, version, sha256 } };
}

/** Every frame through the loop; a repeated image has the answer of the one before it. */
function play(
	{ loop }: Assembly,
	labels: readonly Label[],
	{ id }: Recording,
	take: (frame: Readonly<JudgedFrame>) => void,
): void {
	const said: JudgedFrame['said'] = { landmark: noLandmark, vein: 'none' };
	let startMs = Number.NaN;
	let timeMs = 0;
	let frame = 0;
	for (;;) {
		loop.turn();
		if (loop.ended) break;
		const { observation, exam, answer } = loop;
		if (!loop.hadFrame) continue;
		const truth = labels[frame];
		if (!truth)
			throw new PhleboxError('set-invalid', `recording ${id} has more frames than its ${labels.length} labels`);
		timeMs = observation.timeMs;
		if (Number.isNaN(startMs)) startMs = timeMs;
		const { repeated, scene } = observation;
		if (!repeated || scene !== 'live') {
			said.landmark = observation.landmark;
			said.vein = observation.vein;
		}
		const fresh = !repeated && scene === 'live';
		take({ frame, timeMs: timeMs - startMs, truth, said, answer, fresh, scene, guidance: exam.step.guidance });
		frame++;
	}
	if (frame !== labels.length)
		throw new PhleboxError('set-invalid', `recording ${id} has ${frame} frames and ${labels.length} labels`);
	loop.command((state, now, next) => endExamination(state, now, next), timeMs);
}
