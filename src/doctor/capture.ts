import { createFrameMemory } from '../capture/frameMemory.ts';
import type { FrameSource } from '../capture/frameSource.ts';
import type { SignalState } from '../capture/signal.ts';
import { V4l2Source } from '../capture/v4l2/v4l2Source.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { frameSource } from '../vision/source.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { ScreenWatch } from './screen.ts';

const check = 'capture';
const defaultPatience: CapturePatience = { framesMs: 3000, screenMs: 4000 };
const wantedFrames = 10;
/** Share of frames that the doctor itself may miss. */
const mostMissing = 0.1;

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

/** How the check may take its time, milliseconds. */
export interface CapturePatience {
	/** Without a frame, it ends after so long. */
	framesMs: number;
	/** The screen is watched for so long: as a scan area is found in, and a picture that stands is told. */
	screenMs: number;
}

/**
 * Opens the source for a moment, waits for frames and looks at what is on the screen; the box must not run meanwhile on
 * the same device.
 */
export function checkCapture(
	config: Config,
	patience: Partial<CapturePatience> = {},
	source = frameSource(config.capture),
): Finding[] {
	const memory = createFrameMemory();
	try {
		const screen = new ScreenWatch(config, memory);
		source.open(memory);
		const finding = watch(source, screen, { ...defaultPatience, ...patience });
		return finding.state === 'fail' ? [finding] : [finding, ...screen.findings()];
	} catch (error) {
		return [fail(check, messageOf(error), 'mend the capture or screen section of the configuration')];
	} finally {
		source.close();
	}
}

function watch(source: FrameSource, screen: ScreenWatch, { framesMs, screenMs }: CapturePatience): Finding {
	let until = monotonicMs() + framesMs;
	let frames = 0;
	let first = 0;
	let firstMs = Number.NaN;
	while (monotonicMs() < until) {
		const pull = source.next(100);
		if (pull.kind === 'signal' && pull.signal !== 'ok')
			return fail(check, `${source.name}: ${pull.signal}: ${pull.detail}`, signalTodo(pull.signal, pull.detail));
		if (pull.kind === 'end') break;
		if (pull.kind !== 'frame') continue;
		screen.look(pull.frame);
		const { width, height, pixelFormat, timestampMs, sequence } = pull.frame;
		until = monotonicMs() + framesMs;
		if (frames++ === 0) {
			firstMs = timestampMs;
			first = sequence;
		}
		if (frames < wantedFrames || timestampMs - firstMs < screenMs) continue;
		const rate = ((frames - 1) * 1000) / (timestampMs - firstMs);
		const device = source instanceof V4l2Source ? source : null;
		const timings = device?.mode?.timings ? `, timings ${device.mode.timings}` : '';
		const says = `${source.name}: ${width}x${height} ${pixelFormat}, about ${rate.toFixed(0)} frames a second${timings}`;
		// What is drawn or read from a file may be late for other reasons.
		const missing = device === null ? 0 : 1 - frames / (sequence - first + 1);
		if (missing <= mostMissing) return ok(check, says);
		return warn(
			check,
			`${says}; ${(missing * 100).toFixed(0)}% of the frames are missing`,
			'plug the device into a port of its own (USB 3, no hub), or set a smaller resolution at the machine',
		);
	}
	return fail(check, `${source.name}: ${frames} frames in ${framesMs / 1000} s`, todos.stuck);
}
