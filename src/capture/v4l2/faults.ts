import { constants as os } from 'node:os';
import { errnoName } from '../libc.ts';
import type { SignalState } from '../signal.ts';
import { constants, type IoctlName } from './ioctls.ts';

/** What is wrong with the input: its signal state, and the cause in one line. */
export interface Fault {
	signal: Exclude<SignalState, 'ok'>;
	detail: string;
}

/** A fault on its way from a system call to the source, which alone catches it. */
export class SignalFault extends Error implements Fault {
	readonly signal: Fault['signal'];

	constructor({ signal, detail }: Fault) {
		super(detail);
		this.name = 'SignalFault';
		this.signal = signal;
	}

	get detail(): string {
		return this.message;
	}
}

/** A system call, as faults name it. */
export type CallName = 'open' | 'mmap' | 'poll' | IoctlName;

const { ENOENT, ENODEV, ENXIO, ENOLINK, ENOLCK, ERANGE, EBUSY, EACCES, EPERM, ENOTTY, EISDIR } = os.errno;

/**
 * What a failed call says of the input. ENOLINK, ENOLCK and ERANGE: VIDIOC_QUERY_DV_TIMINGS of the V4L2 specification.
 * @param powered whether a source feeds 5 V into the cable, undefined where the device cannot tell
 */
export function faultOfErrno(device: string, call: CallName, errno: number, powered?: boolean): Fault {
	const name = errnoName(errno);
	switch (errno) {
		case ENOENT:
		case ENODEV:
		case ENXIO:
			return { signal: 'no-device', detail: `${device} is not there (${name})` };
		case ENOLINK:
			if (powered === false) return { signal: 'no-cable', detail: `${device}: nothing is plugged in (${name})` };
			return { signal: 'no-signal', detail: `${device}: no signal on the cable (${name})` };
		case ENOLCK:
			return { signal: 'no-lock', detail: `${device}: the signal is unstable (${name})` };
		case ERANGE:
			return { signal: 'out-of-range', detail: `${device}: the signal's timing is out of range (${name})` };
		case EBUSY:
			return { signal: 'error', detail: `${device} is in use by another program (${name} from ${call})` };
		case EACCES:
		case EPERM:
			return { signal: 'error', detail: `${device} may not be opened: add the user to the group video (${name})` };
		case ENOTTY:
		case EISDIR:
			return { signal: 'error', detail: `${device} is no video capture device (${name})` };
		default:
			return { signal: 'error', detail: `${device}: ${call} failed (${name})` };
	}
}

/** What the status flags of VIDIOC_ENUMINPUT say of the input; undefined for nothing wrong. */
export function faultOfInputStatus(device: string, status: number): Fault | undefined {
	if (status & constants.IN_ST_NO_POWER) return { signal: 'no-cable', detail: `${device}: the input has no power` };
	if (status & constants.IN_ST_NO_SIGNAL) return { signal: 'no-signal', detail: `${device}: the input has no signal` };
	if (status & (constants.IN_ST_NO_H_LOCK | constants.IN_ST_NO_V_LOCK | constants.IN_ST_NO_SYNC))
		return { signal: 'no-lock', detail: `${device}: the signal is unstable` };
	return undefined;
}
