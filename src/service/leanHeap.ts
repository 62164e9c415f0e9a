import koffi from 'koffi';

/** Of glibc's malloc.h. */
const trimThreshold = -1;
const mmapThreshold = -3;
const arenaMax = -8;

const largeBytes = 128 * 1024;
const arenas = 2;

/**
 * Keeps what is allocated beside the heaps of JavaScript small. glibc gives threads arenas of their own, up to eight a core, and stops returning large
 * blocks one by one once one of them was freed: each network that is loaded and let go leaves holes in another arena. The
 * thresholds are glibc's own defaults (mallopt(3)), which are then no longer moved. To be called before there are threads
 * that allocate much; a C library that knows no `mallopt`, such as musl, is left as it is.
 */
export function keepHeapLean(): void {
	// Node cuts small buffers out of blocks of 8 KiB, and one that is kept keeps all of its block. mqtt-packet keeps one for each length
	// of a packet that it has ever written. Of this thread; the vision thread makes no buffers.
	Buffer.poolSize = 0;
	let mallopt: (parameter: number, value: number) => number;
	try {
		mallopt = koffi.load(null).func('int mallopt(int, int)');
	} catch {
		return;
	}
	mallopt(arenaMax, arenas);
	mallopt(mmapThreshold, largeBytes);
	mallopt(trimThreshold, largeBytes);
}
