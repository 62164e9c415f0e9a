import type { SignalState } from '../../src/capture/signal.ts';
import { Random } from '../../src/simulator/random.ts';

/** What the capture port does from some frame on, and for how long, in frames. */
export interface CaptureFault {
	kind: 'signal' | 'standing' | 'grey' | 'snow' | 'dropped' | 'late';
	signal: SignalState;
	from: number;
	frames: number;
}

const signals: readonly SignalState[] = [
	...(['no-device', 'no-cable', 'no-signal', 'no-lock', 'out-of-range', 'stuck', 'error'] as const),
];
const kinds: readonly CaptureFault['kind'][] = ['signal', 'signal', 'standing', 'grey', 'snow', 'dropped', 'late'];

/** Faults one after the other, the same for the same seed: on average one in 1,600 frames. */
export function* faultPlan(seed: number): Generator<CaptureFault, never> {
	const random = new Random(seed, 71);
	for (let from = 300; ; ) {
		const kind = kinds[random.whole(0, kinds.length - 1)]!;
		const frames = kind === 'late' || kind === 'dropped' ? random.whole(1, 40) : random.whole(3, 120);
		yield { kind, signal: signals[random.whole(0, signals.length - 1)]!, from, frames };
		from += frames + random.whole(200, 3000);
	}
}
