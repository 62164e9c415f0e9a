import type { FrameMemory } from '../capture/frameMemory.ts';
import type { FrameSource } from '../capture/frameSource.ts';
import type { SignalState } from '../capture/signal.ts';
import { monotonicMs } from '../clock.ts';
import { PhleboxError } from '../errors.ts';
import { fingerprintBytes, sameFingerprint, takeFingerprint } from './fingerprint.ts';
import { LostLook } from './lostLook.ts';
import type { NoSignalPicture } from './noSignalPictures.ts';
import { screenDefaults } from './screenOptions.ts';

export interface LearnTimes {
	/** The picture has to stand for so long, milliseconds. */
	standsMs: number;
	/** For the first frame, milliseconds. */
	patienceMs: number;
}

export const learnTimes: LearnTimes = { standsMs: 3000, patienceMs: 5000 };

/**
 * Looks at an open source for as long as the picture has to stand, and gives it as it is to be kept.
 * @param todo what to do about a state of signal
 * @throws PhleboxError nothing-learned, with what to do
 */
export function learnNoSignal(
	source: FrameSource,
	memory: FrameMemory,
	todo: (signal: Exclude<SignalState, 'ok'>, detail: string) => string,
	times = learnTimes,
): NoSignalPicture {
	const { lost } = screenDefaults;
	const look = new LostLook(memory);
	const first = new Uint8Array(fingerprintBytes);
	const now = new Uint8Array(fingerprintBytes);
	let firstMs = Number.NaN;
	let frames = 0;
	for (const end = monotonicMs() + times.patienceMs; ; ) {
		const pull = source.next(100);
		if (pull.kind === 'signal' && pull.signal !== 'ok') throw unlearned(saysItself(pull.signal, pull.detail, todo));
		if (pull.kind === 'end') throw unlearned('the source is over; name a capture device in capture.v4l2.device');
		if (pull.kind !== 'frame') {
			if (frames === 0 && monotonicMs() > end) throw unlearned('no frame came; ask `phlebox doctor`');
			continue;
		}
		const { frame } = pull;
		const seen = look.of(frame, lost);
		if (seen !== '') throw unlearned(`${seen}: that is known for a lost signal without being learned`);
		takeFingerprint(memory.bytes, frame, now);
		if (frames++ === 0) {
			first.set(now);
			firstMs = frame.timestampMs;
		} else if (!sameFingerprint(first, now, lost.same))
			throw unlearned('the picture does not stand still: pull the cable out at the ultrasound machine first');
		if (frames > 1 && frame.timestampMs - firstMs >= times.standsMs)
			return {
				learned: new Date().toISOString(),
				...{ width: frame.width, height: frame.height },
				cells: Buffer.from(first).toString('base64'),
			};
	}
}

/** A device that names the fault needs no picture of it. */
function saysItself(
	signal: Exclude<SignalState, 'ok'>,
	detail: string,
	todo: (signal: Exclude<SignalState, 'ok'>, detail: string) => string,
): string {
	if (signal === 'no-signal' || signal === 'no-cable' || signal === 'no-lock')
		return `the device says ${signal} by itself (${detail}): nothing has to be learned`;
	return `${signal}: ${detail}; ${todo(signal, detail)}`;
}

function unlearned(message: string): PhleboxError {
	return new PhleboxError('nothing-learned', message);
}
