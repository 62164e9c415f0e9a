import assert from 'node:assert/strict';
import type { TestFn } from 'ava';
import { type Frame, frameBytes, lumaLayout, pixelFormats } from '../../src/capture/frame.ts';
import { createFrameMemory, type FrameMemory } from '../../src/capture/frameMemory.ts';
import type { FrameSource, Pull } from '../../src/capture/frameSource.ts';
import { type SignalState, signalStates } from '../../src/capture/signal.ts';
import { monotonicMs } from '../../src/clock.ts';

/** What the contract has to know of a source to judge it. */
export interface ContractSubject {
	/** A source that has not been opened yet. */
	create(): FrameSource;
	/** Its frames come at the clock's pace, so that their timestamps lie near now. */
	realtime: boolean;
	/** It ends by itself, within a few seconds. */
	ends: boolean;
	/** Closed and opened again, it gives frames again. */
	reopens: boolean;
	/** A source that has something wrong with it which is no error of `open`, and the state it must name. */
	faulty?: { create(): FrameSource; signal: SignalState };
	/** How many frames each check looks at; 8 unless given. */
	frames?: number;
	/** How far a frame's timestamp may lie behind, milliseconds; 500 unless given. */
	nearMs?: number;
	/** How much a wait may take longer than its deadline, milliseconds; 200 unless given. */
	slackMs?: number;
	/** Memory for it; four slots of 4 MiB unless given. */
	createMemory?(): FrameMemory;
}

interface Check {
	name: string;
	/** Whether it says anything about this subject; it does unless given. */
	applies?(subject: ContractSubject): boolean;
	run(subject: ContractSubject): void;
}

/** Longest that a check waits for frames. */
const patienceMs = 15_000;

const createMemory = (subject: ContractSubject) => subject.createMemory?.() ?? createFrameMemory(4, 4 * 1024 * 1024);

function withOpen(
	subject: ContractSubject,
	act: (source: FrameSource, memory: FrameMemory) => void,
	memory = createMemory(subject),
): void {
	const source = subject.create();
	source.open(memory);
	try {
		act(source, memory);
	} finally {
		source.close();
	}
}

/** Pulls until `count` frames have come, or the end; each pull is judged by itself. */
function pullFrames(source: FrameSource, count: number, judge: (frame: Frame, pull: Pull) => void): number {
	const until = monotonicMs() + patienceMs;
	let frames = 0;
	while (frames < count) {
		assert.ok(monotonicMs() < until, `only ${frames} of ${count} frames came in ${patienceMs} ms`);
		const pull = source.next(100);
		judgePull(pull);
		if (pull.kind === 'end') break;
		if (pull.kind !== 'frame') continue;
		frames++;
		judge(pull.frame, pull);
	}
	return frames;
}

function judgePull(pull: Pull): void {
	assert.ok(signalStates.includes(pull.signal), `${pull.signal} is no signal state`);
	assert.equal(pull.kind === 'signal', pull.signal !== 'ok', `a pull of kind ${pull.kind} says ${pull.signal}`);
	assert.equal(pull.kind === 'signal', pull.detail !== '', `a pull of kind ${pull.kind} has detail "${pull.detail}"`);
	assert.ok(!pull.detail.includes('\n'), 'the detail is one line');
}

function judgeGeometry(frame: Frame, memory: FrameMemory): void {
	assert.ok(pixelFormats.includes(frame.pixelFormat));
	assert.ok(frame.width > 0 && frame.height > 0);
	assert.ok(frame.stride >= frame.width * lumaLayout(frame.pixelFormat).step, `rows of ${frame.stride} bytes overlap`);
	assert.ok(frame.byteLength >= frameBytes(frame.pixelFormat, frame.stride, frame.height), 'the frame is not whole');
	const slot = Math.floor((frame.offset - memory.slotOffset(0)) / memory.slotBytes);
	assert.ok(slot >= 0 && slot < memory.slots, `the frame begins outside the slots, at ${frame.offset}`);
	assert.ok(frame.offset + frame.byteLength <= memory.slotOffset(slot) + memory.slotBytes, 'the frame leaves its slot');
}

/** One check a row; each opens a source of its own. */
const checks: readonly Check[] = [
	{
		name: 'has a name of one line',
		run: (subject) => assert.match(subject.create().name, /^\S.*$/),
	},
	{
		name: 'gives frames with rising sequence numbers',
		run: (subject) =>
			withOpen(subject, (source) => {
				let last = -1;
				const frames = pullFrames(source, subject.frames ?? 8, ({ sequence }) => {
					assert.ok(Number.isInteger(sequence) && sequence > last, `${sequence} after ${last}`);
					last = sequence;
				});
				assert.ok(frames > 1, `${frames} frames came`);
			}),
	},
	{
		name: 'stamps frames with rising times, near now if it keeps pace with the clock',
		run: (subject) =>
			withOpen(subject, (source) => {
				let last = Number.NEGATIVE_INFINITY;
				const frames = pullFrames(source, subject.frames ?? 8, ({ timestampMs }) => {
					assert.ok(timestampMs > last, `${timestampMs} after ${last}`);
					last = timestampMs;
					if (!subject.realtime) return;
					const age = monotonicMs() - timestampMs;
					assert.ok(age >= -1 && age < (subject.nearMs ?? 500), `a frame of ${age} ms ago`);
				});
				assert.ok(frames > 1, `${frames} frames came`);
			}),
	},
	{
		name: 'puts each frame whole into one slot of the frame memory',
		run: (subject) =>
			withOpen(subject, (source, memory) => {
				assert.ok(pullFrames(source, subject.frames ?? 8, (frame) => judgeGeometry(frame, memory)) > 1);
			}),
	},
	{
		name: 'leaves the memory outside the slots alone',
		run(subject) {
			const memory = createMemory(subject);
			const work = memory.bytes.subarray(0, memory.slotOffset(0));
			for (let i = 0; i < work.length; i++) work[i] = (i * 131) >> 3;
			withOpen(subject, (source) => assert.ok(pullFrames(source, subject.frames ?? 8, () => {}) > 1), memory);
			for (let i = 0; i < work.length; i++) if (work[i] !== (((i * 131) >> 3) & 255)) assert.fail(`byte ${i} changed`);
		},
	},
	{
		name: 'says everything through one object',
		run: (subject) =>
			withOpen(subject, (source) => {
				const first = source.next(0);
				const { frame } = first;
				pullFrames(source, 3, (again, pull) => assert.ok(pull === first && again === frame));
			}),
	},
	{
		name: 'answers within its deadline',
		run: (subject) =>
			withOpen(subject, (source) => {
				// The first pulls may have to bring the device up.
				pullFrames(source, 1, () => {});
				// A busy machine makes one pull late, a source that does not mind its deadline each of them.
				for (const deadline of [0, 5, 0, 30, 0]) {
					let took = Number.POSITIVE_INFINITY;
					for (let tries = 0; tries < 10 && took >= deadline + (subject.slackMs ?? 200); tries++) {
						const before = monotonicMs();
						judgePull(source.next(deadline));
						took = monotonicMs() - before;
					}
					assert.ok(took < deadline + (subject.slackMs ?? 200), `next(${deadline}) took ${took} ms`);
				}
			}),
	},
	{
		name: 'says end again and again once it is over',
		applies: (subject) => subject.ends,
		run: (subject) =>
			withOpen(subject, (source) => {
				pullFrames(source, Number.POSITIVE_INFINITY, () => {});
				for (let i = 0; i < 3; i++) assert.equal(source.next(5).kind, 'end');
			}),
	},
	{
		name: 'may be closed before it was opened, and twice, and says end after it',
		run(subject) {
			subject.create().close();
			withOpen(subject, (source) => {
				pullFrames(source, 1, () => {});
				source.close();
				judgePull(source.next(5));
				assert.equal(source.next(5).kind, 'end');
				source.close();
				assert.equal(source.next(0).kind, 'end');
			});
		},
	},
	{
		name: 'leaves its memory readable after it was closed',
		run: (subject) =>
			withOpen(subject, (source, memory) => {
				let place = memory.slotOffset(0);
				pullFrames(source, 1, (frame) => {
					place = frame.offset;
				});
				source.close();
				// A process that still reads a frame too late must read something, not die.
				memory.bytes.subarray(place, place + 4096).reduce((sum, byte) => sum + byte, 0);
			}),
	},
	{
		name: 'gives frames again when it is opened again',
		applies: (subject) => subject.reopens,
		run: (subject) =>
			withOpen(subject, (source, memory) => {
				for (let round = 0; round < 3; round++) {
					assert.ok(pullFrames(source, 2, (frame) => judgeGeometry(frame, memory)) > 0, `no frame in round ${round}`);
					source.close();
					source.open(memory);
				}
			}),
	},
	{
		name: 'names a fault as a signal state with its cause, takes its time over it, and does not throw',
		applies: (subject) => subject.faulty !== undefined,
		run(subject) {
			const faulty = subject.faulty!;
			withOpen({ ...subject, create: faulty.create }, (source) => {
				for (let i = 0; i < 4; i++) {
					const before = monotonicMs();
					const pull = source.next(30);
					const took = monotonicMs() - before;
					judgePull(pull);
					assert.equal(pull.kind, 'signal');
					assert.equal(pull.signal, faulty.signal);
					assert.ok(took < 30 + (subject.slackMs ?? 200), `took ${took} ms`);
					// The first time it says so at once; a caller that asks again must not spin.
					assert.ok(i === 0 || took > 20, `came back after ${took} ms`);
				}
			});
		},
	},
];

/** The checks of the contract that say something about `subject`; each throws where it does not hold. */
export function frameSourceChecks(subject: ContractSubject): readonly { name: string; run(): void }[] {
	return checks
		.filter(({ applies }) => applies?.(subject) ?? true)
		.map(({ name, run }) => ({ name, run: () => run(subject) }));
}

/** Registers the contract as tests of `name`. */
export function frameSourceContract(test: TestFn, name: string, subject: ContractSubject): void {
	for (const check of frameSourceChecks(subject)) test.serial(`${name}: ${check.name}`, (t) => t.notThrows(check.run));
}
