import { pathToFileURL } from 'node:url';
import { BroadcastChannel } from 'node:worker_threads';
import type { Pull } from '../../src/capture/frameSource.ts';
import type { Indication } from '../../src/indicator/light.ts';
import { shippedPath } from '../../src/packageRoot.ts';
import { type CaptureFault, faultPlan } from './faultPlan.ts';
import { GreenProof } from './greenProof.ts';
import { reportChannel, reportFrames, type VisionReport, wholeCapture } from './report.ts';
import { VirtualClock } from './virtualClock.ts';

/** Of the recording that is played. */
const periodMs = 40;

/**
 * Makes the vision thread of the built box one under soak: its clock skips the waiting, its recording has faults in front of it,
 * and each green light is looked into.
 */
export async function soakVision(): Promise<void> {
	const clock = new VirtualClock();
	clock.install();
	const built = <Module>(path: string) => import(pathToFileURL(shippedPath('dist', path)).href) as Promise<Module>;
	const { RecordingSource } = await built<typeof import('../../src/capture/recording/recordingSource.ts')>(
		'capture/recording/recordingSource.js',
	);
	const { Lights } = await built<typeof import('../../src/indicator/lights.ts')>('indicator/lights.js');
	const { VisionLoop } = await built<typeof import('../../src/vision/loop.ts')>('vision/loop.js');
	const faults = new FaultyLine(clock, Number(process.env.PHLEBOX_SOAK_SEED ?? 1));
	const watch = new Watch(clock, faults);

	const { next } = RecordingSource.prototype;
	RecordingSource.prototype.next = function (deadlineMs) {
		const pull = faults.next(() => next.call(this, deadlineMs), deadlineMs);
		watch.delivered();
		return pull;
	};
	const { open } = RecordingSource.prototype;
	RecordingSource.prototype.open = function (memory) {
		faults.bytes = memory.bytes;
		open.call(this, memory);
	};
	const { show } = Lights.prototype;
	Lights.prototype.show = function (indication, moment) {
		show.call(this, indication, moment);
		watch.shown(indication);
	};
	const { turn } = VisionLoop.prototype;
	VisionLoop.prototype.turn = function () {
		turn.call(this);
		watch.turned(this);
	};
}

/** Puts the faults in front of a recording. Frames are stamped by the thread's own clock, one every period of the line. */
class FaultyLine {
	bytes: Uint8Array = new Uint8Array(0);
	frames = 0;
	count = 0;
	readonly #clock: VirtualClock;
	readonly #plan: Generator<CaptureFault, never>;
	#fault: CaptureFault;
	#dueMs = Number.NaN;
	#turns = 0;
	#sequence = 0;
	#last: Pull | null = null;
	#word = 1;

	constructor(clock: VirtualClock, seed: number) {
		this.#clock = clock;
		this.#plan = faultPlan(seed);
		this.#fault = this.#plan.next().value;
		if (process.env[wholeCapture] !== undefined) this.#fault.from = Number.POSITIVE_INFINITY;
	}

	next(read: () => Pull, deadlineMs: number): Pull {
		const turn = this.#turns++;
		if (turn >= this.#fault.from + this.#fault.frames) {
			this.#fault = this.#plan.next().value;
			this.count++;
		}
		const fault = turn >= this.#fault.from ? this.#fault : null;
		if (fault?.kind === 'signal' && this.#last) return this.#signal(this.#last, fault, deadlineMs);
		const pull = fault?.kind === 'standing' && this.#last ? this.#last : read();
		if (pull.kind !== 'frame' && pull !== this.#last) return pull;
		pull.kind = 'frame';
		pull.signal = 'ok';
		pull.detail = '';
		this.#last = pull;
		if (fault?.kind === 'late') this.#clock.skip(300);
		if (fault?.kind === 'dropped') {
			this.#sequence += 2;
			this.#dueMs += 2 * periodMs;
		}
		if (fault?.kind === 'grey') this.#fill(pull, () => 16);
		if (fault?.kind === 'snow') this.#fill(pull, () => this.#noise());
		this.#stamp(pull);
		return pull;
	}

	#signal(pull: Pull, { signal }: CaptureFault, deadlineMs: number): Pull {
		this.#clock.skip(deadlineMs);
		pull.kind = 'signal';
		pull.signal = signal;
		pull.detail = `soak: ${signal}`;
		return pull;
	}

	#fill({ frame }: Pull, grey: () => number): void {
		for (let at = 0; at < frame.byteLength; at += 1) this.bytes[frame.offset + at] = grey();
	}

	#noise(): number {
		this.#word = (Math.imul(this.#word, 1664525) + 1013904223) | 0;
		return this.#word >>> 24;
	}

	#stamp({ frame }: Pull): void {
		const origin = this.#clock.origin;
		const now = performance.now() + origin;
		this.#dueMs = Math.max(Number.isNaN(this.#dueMs) ? now : this.#dueMs + periodMs, now);
		this.#clock.skip(this.#dueMs - now);
		frame.timestampMs = this.#dueMs;
		frame.sequence = this.#sequence++;
		this.frames++;
	}
}

/** Measures, and looks into each green. */
class Watch {
	readonly #clock: VirtualClock;
	readonly #line: FaultyLine;
	readonly #channel = new BroadcastChannel(reportChannel);
	readonly #proof = new GreenProof();
	readonly #times = new Float64Array(reportFrames);
	#at = 0;
	#startMs = 0;
	#indication: Indication | null = null;
	#greens = 0;
	#unproven = 0;
	readonly #reasons: string[] = [];

	constructor(clock: VirtualClock, line: FaultyLine) {
		this.#clock = clock;
		this.#line = line;
		this.#channel.unref();
	}

	delivered(): void {
		this.#startMs = this.#clock.real();
	}

	shown(indication: Indication): void {
		this.#indication = indication;
		this.#times[this.#at] = this.#clock.real() - this.#startMs;
	}

	turned({ observation, exam, hadFrame }: InstanceType<typeof import('../../src/vision/loop.ts').VisionLoop>): void {
		const green = this.#indication?.guidance === 'captured' ? this.#indication.site : null;
		const fault = this.#proof.turn(observation, green, exam.protocol);
		if (green !== null) this.#greens++;
		if (fault !== null) {
			this.#unproven++;
			if (this.#reasons.length < 5) this.#reasons.push(`frame ${this.#line.frames}: ${fault}`);
		}
		if (hadFrame && ++this.#at === reportFrames) this.#report();
	}

	#report(): void {
		this.#at = 0;
		const sorted = this.#times.toSorted();
		const { heapUsed, external } = process.memoryUsage();
		const report: VisionReport = {
			...{ frames: this.#line.frames, faults: this.#line.count },
			...{ greens: this.#greens, unproven: this.#unproven, reasons: this.#reasons },
			...{ p50Ms: sorted[reportFrames >> 1]!, p99Ms: sorted[Math.ceil(0.99 * reportFrames) - 1]! },
			...{ heap: heapUsed, external },
		};
		this.#channel.postMessage(report);
	}
}
