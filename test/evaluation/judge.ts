import type { JudgedFrame } from '../../src/evaluation/judgedFrame.ts';
import { type JudgedRecording, RecordingJudge } from '../../src/evaluation/judgedRecording.ts';
import type { Recording } from '../../src/evaluation/recordingSet.ts';
import type { VeinState } from '../../src/exam/observation.ts';
import type { ExamRecord, SiteRecord } from '../../src/exam/record.ts';

export function recordingOf(change: Partial<Recording> = {}): Recording {
	return {
		...{ id: 'a', video: 'a.y4m', labels: 'a.csv', roi: [0, 0, 1, 1] },
		expected: { landmark: 'sfj', outcome: 'captured' },
		...change,
	};
}

export function capturedAt(site: string): ExamRecord {
	return {
		...{ kind: 'site', examination: 1, side: 'left', atMs: 0 },
		site: { site, outcome: 'captured' } as SiteRecord,
	};
}

/** `sfj open > fv closed`: truth, then what was said; `?` in place of what was said: no answer and *don't know*. */
export function frameOf(text: string, frame = 0, confidence = 0.9): JudgedFrame {
	const [truth, answer] = text.split(' > ').map((part) => part.split(' '));
	const [landmark = 'none', vein = 'none'] = answer![0] === '?' ? [] : answer!;
	const said = { landmark, vein: vein as VeinState };
	const asked = answer![0] !== '?';
	const probabilities = Float32Array.of(confidence, 1 - confidence);
	return {
		...{ frame, timeMs: frame * 40, fresh: asked, said },
		truth: { landmark: truth![0]!, vein: truth![1] as VeinState },
		answer: asked
			? {
					...said,
					...{ landmarkConfidence: confidence, veinConfidence: confidence },
					...{ landmarkProbabilities: probabilities, veinProbabilities: probabilities },
				}
			: null,
		scene: asked ? 'live' : 'not-ultrasound',
		guidance: asked ? 'searching' : 'dont-know',
	};
}

/** @param frames as `frameOf` takes them, each with how often */
export function judgedOf(
	change: Partial<Recording>,
	frames: readonly [text: string, times: number][],
	captured: readonly string[] = [],
): JudgedRecording {
	const judge = new RecordingJudge();
	let place = 0;
	for (const [text, times] of frames) for (let i = 0; i < times; i++) judge.frame(frameOf(text, place++));
	return judge.end(recordingOf(change), captured.map(capturedAt));
}
