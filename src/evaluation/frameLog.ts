import { closeSync, openSync, writeFileSync } from 'node:fs';
import { messageOf, PhleboxError } from '../errors.ts';
import type { JudgedFrame } from './judgedFrame.ts';

/** Text is written in pieces of about so many characters. */
const pieceLength = 1 << 16;

/**
 * The per-frame output as CSV:
 * `recording,frame,timeMs,trueLandmark,trueVein,saidLandmark,saidVein,p_landmark_...,p_vein_...,fresh,scene,guidance`.
 * Probabilities are those of the last fresh image; empty where the network was not asked.
 */
export class FrameLog {
	readonly #file: string;
	readonly #descriptor: number;
	readonly #blanks: string;
	#text: string;

	/**
	 * @param landmarks, veins labels of the network's outputs, in its order
	 * @throws PhleboxError store-failed when the file cannot be written
	 */
	constructor(file: string, landmarks: readonly string[], veins: readonly string[]) {
		// Both tasks have a `none`, so the names say the task.
		const columns = [...landmarks.map((name) => `p_landmark_${name}`), ...veins.map((name) => `p_vein_${name}`)];
		this.#file = file;
		this.#blanks = ','.repeat(columns.length - 1);
		this.#text = `recording,frame,timeMs,trueLandmark,trueVein,saidLandmark,saidVein,${columns.join(',')},fresh,scene,guidance\n`;
		try {
			this.#descriptor = openSync(file, 'w');
		} catch (error) {
			throw this.#failed(error);
		}
	}

	write(recording: string, { frame, timeMs, truth, said, answer, fresh, scene, guidance }: JudgedFrame): void {
		const probabilities = answer
			? [...answer.landmarkProbabilities, ...answer.veinProbabilities].map((p) => p.toFixed(4)).join(',')
			: this.#blanks;
		this.#text += `${recording},${frame},${timeMs.toFixed(1)},${truth.landmark},${truth.vein},${said.landmark},${said.vein},${probabilities},${fresh ? 1 : 0},${scene},${guidance}\n`;
		if (this.#text.length >= pieceLength) this.#flush();
	}

	close(): void {
		try {
			this.#flush();
		} finally {
			closeSync(this.#descriptor);
		}
	}

	#flush(): void {
		try {
			writeFileSync(this.#descriptor, this.#text);
		} catch (error) {
			throw this.#failed(error);
		}
		this.#text = '';
	}

	#failed(error: unknown): PhleboxError {
		return new PhleboxError('store-failed', `${this.#file} cannot be written: ${messageOf(error)}`, { cause: error });
	}
}
