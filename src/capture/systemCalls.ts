/**
 * Port: the few system calls of Linux that capture makes. Numbers, not exceptions: below zero is the negated errno, as
 * the kernel itself answers. src/capture/libc.ts is the real one; tests put a device of their own behind it.
 */
export interface SystemCalls {
	/** @returns file descriptor, open for reading and writing, never blocking */
	open(path: string): number;
	close(descriptor: number): void;
	/** `argument` is the struct, laid out as in C; the kernel reads and writes it. */
	ioctl(descriptor: number, request: number, argument: Uint8Array): number;
	/**
	 * poll(2). Interrupted counts as nothing ready.
	 * @param entries `count` structs pollfd
	 * @param timeoutMs whole milliseconds
	 * @returns how many entries have something to say
	 */
	poll(entries: Uint8Array, count: number, timeoutMs: number): number;
	/** Maps a descriptor's memory; `address` 0 lets the kernel choose the place, else that very place is replaced. */
	map(address: number, byteLength: number, descriptor: number, offset: number): number;
	/** Puts zeros, memory of no file, in the place of what is mapped there. */
	mapZeros(address: number, byteLength: number): number;
	unmap(address: number, byteLength: number): void;
	/** Copies memory to memory; nothing checks the addresses. */
	copy(to: number, from: number, byteLength: number): void;
	/** Where the first byte of a view lies. Only memory that never moves: a WebAssembly memory, an ArrayBuffer of its own. */
	addressOf(bytes: Uint8Array): number;
}

/** struct pollfd: int fd, short events, short revents. */
export const pollEntryBytes = 8;
export const pollIn = 0x1;
export const pollPriority = 0x2;
export const pollError = 0x8;
export const pollHangup = 0x10;
