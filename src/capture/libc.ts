import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import koffi from 'koffi';
import type { SystemCalls } from './systemCalls.ts';

const readWriteNonBlock = 0o2 | 0o4000;
const closeOnExec = 0o2000000;
const protectReadWrite = 0x3;
const mapShared = 0x01;
const mapPrivate = 0x02;
const mapFixed = 0x10;
const mapAnonymous = 0x20;

function bind() {
	// null: what the process itself is linked with, whichever C library that is.
	const library = koffi.load(null);
	return {
		// ioctl is variadic in C; three fixed arguments are passed alike on x64 and arm64.
		ioctl: library.func('int ioctl(int, unsigned long, void *)'),
		poll: library.func('int poll(void *, unsigned long, int)'),
		pipe2: library.func('int pipe2(void *, int)'),
		mmap: library.func('intptr_t mmap(uintptr_t, size_t, int, int, int, int64_t)'),
		munmap: library.func('int munmap(uintptr_t, size_t)'),
		memcpy: library.func('void memcpy(uintptr_t, uintptr_t, size_t)'),
		// memmove of no bytes changes nothing and returns its first argument: the address of a view.
		memmove: library.func('uintptr_t memmove(void *, void *, size_t)'),
	};
}

let bound: ReturnType<typeof bind> | undefined;

/** Bound at first use: nobody who only plays .y4m files pays for it. */
function libc(): ReturnType<typeof bind> {
	bound ??= bind();
	return bound;
}

function answer(result: number): number {
	return result === -1 ? -koffi.errno() : result;
}

/** The system calls of this machine's C library. Linux only. */
export const systemCalls: SystemCalls = {
	open(path) {
		// Through node:fs, because a worker thread closes the descriptors it opened that way when it ends, however it ends:
		// the device is then free for the thread that takes its place.
		try {
			return openSync(path, readWriteNonBlock | closeOnExec);
		} catch (error) {
			return (error as NodeJS.ErrnoException).errno ?? -constants.errno.EIO;
		}
	},
	close: closeSync,
	ioctl(descriptor, request, argument) {
		for (;;) {
			const result = answer(libc().ioctl(descriptor, request, argument));
			if (result !== -constants.errno.EINTR) return result;
		}
	},
	poll(entries, count, timeoutMs) {
		const result = answer(libc().poll(entries, count, timeoutMs));
		return result === -constants.errno.EINTR ? 0 : result;
	},
	map(address, byteLength, descriptor, offset) {
		const flags = address === 0 ? mapShared : mapShared | mapFixed;
		return answer(libc().mmap(address, byteLength, protectReadWrite, flags, descriptor, offset));
	},
	mapZeros(address, byteLength) {
		const flags = mapPrivate | mapAnonymous | mapFixed;
		return answer(libc().mmap(address, byteLength, protectReadWrite, flags, -1, 0));
	},
	unmap(address, byteLength) {
		libc().munmap(address, byteLength);
	},
	copy(to, from, byteLength) {
		libc().memcpy(to, from, byteLength);
	},
	addressOf(bytes) {
		return libc().memmove(bytes, bytes, 0);
	},
};

/** A pipe whose ends are closed in child processes; the caller closes both. */
export interface Pipe {
	reading: number;
	writing: number;
}

/** @throws Error when the process has too many open files */
export function openPipe(): Pipe {
	const ends = new Int32Array(2);
	const result = answer(libc().pipe2(ends, closeOnExec));
	if (result < 0) throw new Error(`no pipe can be opened (${errnoName(-result)})`);
	// The reading end is opened once more through node:fs, for the reason given at `open` above.
	const raw = ends[0]!;
	const writing = ends[1]!;
	try {
		return { reading: openSync(`/proc/self/fd/${raw}`, 'r'), writing };
	} catch (error) {
		closeSync(writing);
		throw error;
	} finally {
		closeSync(raw);
	}
}

const names = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** `ENODEV` for 19. */
export function errnoName(errno: number): string {
	return names.get(errno) ?? `errno ${errno}`;
}
