import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { pause } from '../../src/capture/pause.ts';
import { monotonicMs } from '../../src/clock.ts';
import { MemorySource } from '../../src/evaluation/memorySource.ts';

const shape = { width: 64, height: 48, pixelFormat: 'GREY' } as const;

test('at the rate of a line each frame has its moment, none is early, and who asks late gets the newest', (t) => {
	const source = new MemorySource(shape, 1e9, () => undefined, 100);
	source.open(createFrameMemory(2, 65_536));
	const { frame } = source.next();
	const first = { ...frame };
	for (const busyMs of [0, 0, 35, 0, 4, 52, 0]) {
		pause(busyMs);
		const asked = monotonicMs();
		const before = frame.sequence;
		source.next();
		t.true(frame.timestampMs <= monotonicMs());
		t.true(Math.abs(frame.timestampMs - first.timestampMs - 10 * (frame.sequence - first.sequence)) < 1e-6);
		t.true(frame.sequence > before);
		t.true(frame.timestampMs > asked - 10, 'a newer one had come when this one was given');
	}
});

test('without a line frames come as they are asked for', (t) => {
	const source = new MemorySource(shape, 3, () => undefined);
	source.open(createFrameMemory(2, 65_536));
	t.deepEqual(
		[1, 2, 3, 4].map(() => source.next().kind),
		['frame', 'frame', 'frame', 'end'],
	);
});
