import type { ExecutionContext } from 'ava';
import { createFrameMemory } from '../../../src/capture/frameMemory.ts';
import type { Pull } from '../../../src/capture/frameSource.ts';
import type { V4l2Options } from '../../../src/capture/v4l2/options.ts';
import { V4l2Source } from '../../../src/capture/v4l2/v4l2Source.ts';
import { monotonicMs } from '../../../src/clock.ts';
import { FakeDevice } from './fakeDevice.ts';

export const quick: Partial<V4l2Options> = { reopenMs: 30, stuckMs: 150, firstFrameMs: 200, queryMs: 30, staleMs: 40 };
export const slotBytes = 65_536;
export const smallMemory = () => createFrameMemory(4, slotBytes);

export function fake(fields: Partial<FakeDevice> = {}): FakeDevice {
	return Object.assign(new FakeDevice(), fields);
}

export function opened(device: FakeDevice, options: Partial<V4l2Options> = {}) {
	const memory = smallMemory();
	const source = new V4l2Source({ ...quick, ...options }, device);
	source.open(memory);
	return { source, memory };
}

export function pullUntil(t: ExecutionContext, source: V4l2Source, wanted: (pull: Pull) => boolean): Pull {
	const until = monotonicMs() + 5000;
	for (;;) {
		const pull = source.next(20);
		if (wanted(pull)) return pull;
		if (monotonicMs() > until) {
			t.fail(`last: ${pull.kind} ${pull.signal} ${pull.detail}`);
			return pull;
		}
	}
}
export const pullFrame = (t: ExecutionContext, source: V4l2Source) =>
	pullUntil(t, source, ({ kind }) => kind === 'frame').frame;
export const pullSignal = (t: ExecutionContext, source: V4l2Source) =>
	pullUntil(t, source, ({ kind }) => kind === 'signal');
