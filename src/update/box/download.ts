import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf, PhleboxError } from '../../errors.ts';
import type { Origin } from './origin.ts';

export interface DownloadLimits {
	/** Attempts in a row that bring not a byte, until it is given up for now. */
	attempts: number;
	/** Before an attempt after one that brought nothing, milliseconds; doubles each time. */
	backoffMs: number;
	/** Slowest a link may be on the whole, bytes a second: a server that trickles holds nothing up for ever. */
	leastBytesPerSecond: number;
	/** Beside what the rate allows, milliseconds. */
	allowanceMs: number;
}

export const downloadDefaults: DownloadLimits = {
	attempts: 5,
	backoffMs: 1000,
	leastBytesPerSecond: 1024,
	allowanceMs: 60_000,
};

/**
 * Brings a file of known length to `partial`, going on where an attempt before (even of a process before) ended. The
 * file is not yet what was signed: its hash is checked by whoever takes it over.
 * @param came told how many bytes are there
 * @throws PhleboxError update-unreachable: what has come is kept; update-rejected: more came than was signed;
 * store-failed
 */
export async function download(
	origin: Origin,
	file: string,
	length: number,
	partial: string,
	limits: DownloadLimits = downloadDefaults,
	came: (bytes: number) => void = () => undefined,
): Promise<void> {
	const end = performance.now() + limits.allowanceMs + (length / limits.leastBytesPerSecond) * 1000;
	let fruitless = 0;
	for (;;) {
		const before = sizeOf(partial);
		if (before > length) rmSync(partial);
		if (before === length) return;
		let reason: unknown = new Error('the link broke');
		try {
			if (!(await attempt(origin, file, length, partial, end, came))) {
				throw new PhleboxError('update-rejected', `${origin.name} has no ${file}, which its list of models names`);
			}
		} catch (error) {
			if (error instanceof PhleboxError && error.code !== 'update-unreachable') throw error;
			reason = error;
		}
		if (sizeOf(partial) === length) return;
		fruitless = sizeOf(partial) > before ? 0 : fruitless + 1;
		if (fruitless >= limits.attempts || performance.now() >= end) {
			const words = `${file}: ${sizeOf(partial)} of ${length} bytes came from ${origin.name} (${messageOf(reason)})`;
			throw new PhleboxError('update-unreachable', `${words}; it goes on from there next time`, { cause: reason });
		}
		if (fruitless > 0) await wait(limits.backoffMs * 2 ** (fruitless - 1));
	}
}

async function attempt(
	origin: Origin,
	file: string,
	length: number,
	partial: string,
	end: number,
	came: (bytes: number) => void,
): Promise<boolean> {
	const part = await origin.open(file, sizeOf(partial));
	if (!part) return false;
	const handle = openSync(partial, 'a');
	try {
		let at = sizeOf(partial);
		if (part.from !== at) {
			// A server that knows no ranges begins anew; one that begins elsewhere is not to be understood.
			ftruncateSync(handle, 0);
			at = 0;
			if (part.from !== 0) return true;
		}
		for await (const chunk of part.bytes) {
			if (at + chunk.length > length) {
				ftruncateSync(handle, 0);
				throw new PhleboxError(
					'update-rejected',
					`${origin.name} gives more of ${file} than the ${length} bytes signed`,
				);
			}
			at += write(handle, chunk, partial);
			came(at);
			if (performance.now() >= end) throw new Error('the link is too slow');
		}
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
	return true;
}

function write(handle: number, chunk: Uint8Array, partial: string): number {
	try {
		for (let done = 0; done < chunk.length; ) done += writeSync(handle, chunk, done);
		return chunk.length;
	} catch (cause) {
		throw new PhleboxError('store-failed', `${partial} cannot be written: ${messageOf(cause)}`, { cause });
	}
}

function sizeOf(path: string): number {
	return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
