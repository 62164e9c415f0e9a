import { constants } from 'node:os';
import koffi from 'koffi';
import { PhleboxError } from '../errors.ts';

/** How the kernel treats the thread that the way from frame to light runs on. */
export interface Scheduling {
	/** Processors it may run on, numbered from 0; null: any. */
	cpus: readonly number[] | null;
	/** 1 to 99: before all that has none, under SCHED_FIFO; 0: like any other thread. */
	realtimePriority: number;
}

const thisThread = 0;
/** Threads and processes that it starts are ordinary ones again. */
const fifoAlone = 1 | 0x40000000;
/** As many processors as a mask of the C library's own size has. */
const maskBytes = 128;

/**
 * Sets this thread's processors and priority. Memory is not locked: the engine gives pages back with madvise, which the kernel
 * refuses on locked ones, and then ends the process (seen on Node 20 with mlockall).
 * @throws PhleboxError not-permitted, which names what the box may not do and where that is allowed
 */
export function schedule({ cpus, realtimePriority }: Scheduling): void {
	const library = koffi.load(null);
	if (cpus) {
		const mask = new Uint8Array(maskBytes);
		for (const cpu of cpus) mask[cpu >> 3]! |= 1 << (cpu & 7);
		const call = library.func('int sched_setaffinity(int, size_t, void *)');
		if (call(thisThread, maskBytes, mask) !== 0)
			throw refusal('vision.cpus', `processor ${cpus.join(', ')}`, 'this machine or the service has no such processor');
	}
	if (realtimePriority > 0) {
		const call = library.func('int sched_setscheduler(int, int, void *)');
		if (call(thisThread, fifoAlone, Int32Array.of(realtimePriority)) !== 0)
			throw refusal('vision.realtimePriority', `priority ${realtimePriority}`, 'LimitRTPRIO= has to allow it');
	}
}

function refusal(key: string, what: string, todo: string): PhleboxError {
	const code = koffi.errno();
	const name = Object.entries(constants.errno).find(([, value]) => value === code)?.[0];
	const why = name && code !== 0 ? ` (${name})` : '';
	return new PhleboxError(
		'not-permitted',
		`${key}: ${what} is not permitted${why}: ${todo}; deploy/systemd/realtime.conf, or leave the key out`,
	);
}
