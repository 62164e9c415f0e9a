import { createFrameMemory } from '../capture/frameMemory.ts';
import type { FrameSource } from '../capture/frameSource.ts';
import type { SignalState } from '../capture/signal.ts';
import { V4l2Source } from '../capture/v4l2/v4l2Source.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { frameSource } from '../vision/source.ts';
import { type Finding, fail, ok } from './finding.ts';

const check = 'capture';
const defaultPatienceMs = 3000;
const wantedFrames = 10;

const todos: Record<Exclude<SignalState, 'ok'>, string> = {
	'no-device': 'plug the capture device in, or name the right one in capture.v4l2.device (`v4l2-ctl --list-devices`)',
	'no-cable': 'plug the cable from the ultrasound machine in',
	'no-signal': 'switch the ultrasound machine on and its video output',
	'no-lock': 'try another cable, or another resolution at the machine',
	'out-of-range': 'set another resolution or refresh rate at the machine',
	'unsupported-format':
		'set a progressive mode at the machine, or a pixel format that the device offers in capture.v4l2.pixelFormats',
	stuck: 'unplug the capture device and plug it in again',
	error: 'unplug the capture device and plug it in again; see the cause',
};

/** What an error says of itself, and what helps: the errno's name stands in the detail. */
const causes: readonly [RegExp, string][] = [
	[
		/EBUSY/,
		'end the other program that uses it (`sudo fuser -v DEVICE` names it), or stop the box: `systemctl stop phlebox`',
	],
	[/EACCES|EPERM/, 'give the user of the service the right to open it: the udev rules of docs/install.md'],
	[/ENOTTY|EISDIR|no video capture/, 'name a capture device in capture.v4l2.device (`v4l2-ctl --list-devices`)'],
];

/** What to do about a state of signal. */
export function signalTodo(signal: Exclude<SignalState, 'ok'>, detail: string): string {
	const cause = signal === 'error' ? causes.find(([words]) => words.test(detail)) : undefined;
	return cause?.[1] ?? todos[signal];
}

/**
 * Opens the source for a moment and waits for frames; the box must not run meanwhile on the same device.
 * @param patienceMs how long frames may take in all
 */
export function checkCapture(config: Config, patienceMs = defaultPatienceMs): Finding {
	const source = frameSource(config.capture);
	const memory = createFrameMemory();
	try {
		source.open(memory);
		return watch(source, patienceMs);
	} catch (error) {
		return fail(check, messageOf(error), 'mend the capture section of the configuration');
	} finally {
		source.close();
	}
}

function watch(source: FrameSource, patienceMs: number): Finding {
	const until = monotonicMs() + patienceMs;
	let frames = 0;
	let firstMs = Number.NaN;
	while (monotonicMs() < until) {
		const pull = source.next(100);
		if (pull.kind === 'signal' && pull.signal !== 'ok')
			return fail(check, `${source.name}: ${pull.signal}: ${pull.detail}`, signalTodo(pull.signal, pull.detail));
		if (pull.kind === 'end') break;
		if (pull.kind !== 'frame') continue;
		if (frames++ === 0) firstMs = pull.frame.timestampMs;
		if (frames < wantedFrames) continue;
		const { width, height, pixelFormat, timestampMs } = pull.frame;
		const rate = ((frames - 1) * 1000) / (timestampMs - firstMs);
		const timings = source instanceof V4l2Source && source.mode?.timings ? `, timings ${source.mode.timings}` : '';
		return ok(
			check,
			`${source.name}: ${width}x${height} ${pixelFormat}, about ${rate.toFixed(0)} frames a second${timings}`,
		);
	}
	return fail(check, `${source.name}: ${frames} frames in ${patienceMs / 1000} s`, todos.stuck);
}
