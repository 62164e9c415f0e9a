import assert from 'node:assert/strict';
import { lumaLayout } from '../../src/capture/frame.ts';
import type { FrameMemory } from '../../src/capture/frameMemory.ts';
import type { Pull } from '../../src/capture/frameSource.ts';
import type { SignalState } from '../../src/capture/signal.ts';
import type { V4l2Source } from '../../src/capture/v4l2/v4l2Source.ts';
import { monotonicMs } from '../../src/clock.ts';

/** Pulls until `wanted` says yes; every pull on the way is seen. */
export function pullUntil(source: V4l2Source, what: string, wanted: (pull: Pull) => boolean, seconds = 20): Pull {
	const until = monotonicMs() + seconds * 1000;
	let last = '';
	while (monotonicMs() < until) {
		const pull = source.next(100);
		if (wanted(pull)) return pull;
		last = `${pull.kind} ${pull.signal} ${pull.detail}`;
	}
	throw new Error(`${what} did not come in ${seconds} s; last: ${last}`);
}

export const pullFrame = (source: V4l2Source, seconds?: number) =>
	pullUntil(source, 'a frame', ({ kind }) => kind === 'frame', seconds).frame;
export const pullSignal = (source: V4l2Source, signal: SignalState) =>
	pullUntil(source, signal, (pull) => pull.signal === signal).detail;

/** For so long only `signal` may be said: no frame, nothing else. */
export function staysAt(source: V4l2Source, signal: SignalState, milliseconds: number): void {
	const until = monotonicMs() + milliseconds;
	while (monotonicMs() < until) assert.equal(source.next(100).signal, signal);
}

/** The luma of each of the eight bars, from a row in the upper half: vivid draws 75 % colour bars, white first. */
export function bars(source: V4l2Source, memory: FrameMemory): number[] {
	const { width, height, pixelFormat, stride, offset } = pullFrame(source);
	const { first, step } = lumaLayout(pixelFormat);
	const row = offset + first + Math.floor(height * 0.4) * stride;
	return Array.from({ length: 8 }, (_, bar) => {
		const middle = Math.floor(((bar + 0.5) * width) / 8);
		return memory.bytes[row + middle * step]!;
	});
}

/** A wrong order of red and blue would put yellow (2nd) below cyan (3rd), and red (6th) below blue (7th). */
export function growDarker(luma: readonly number[]): void {
	for (let bar = 1; bar < luma.length; bar++)
		assert.ok(luma[bar]! < luma[bar - 1]!, `bars grow darker from left to right: ${luma}`);
}
