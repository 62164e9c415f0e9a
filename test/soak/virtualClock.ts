import koffi from 'koffi';

const monotonic = 1;

/**
 * The clock of a thread whose waiting is skipped: it runs with the machine's, and jumps ahead where the thread would wait. What
 * takes time takes its time; only the line between the frames is not waited for. Has to be laid before the box's own code loads.
 */
export class VirtualClock {
	/** How far it is ahead, milliseconds. */
	ahead = 0;
	readonly #performanceNow = performance.now.bind(performance);
	/** Added to `performance.now()` it gives CLOCK_MONOTONIC, as in src/clock.ts. */
	readonly origin = Number(process.hrtime.bigint()) / 1e6 - performance.now();

	/** Real time, milliseconds; for measuring what something took. */
	real(): number {
		return this.#performanceNow();
	}

	skip(milliseconds: number): void {
		if (milliseconds > 0) this.ahead += milliseconds;
	}

	/** Lays it under `performance.now` and under what src/vision/turnClock.ts reads. */
	install(): void {
		performance.now = () => this.real() + this.ahead;
		const load = koffi.load;
		koffi.load = ((...args: Parameters<typeof load>) => {
			const library = load(...args);
			if (args[0] !== null) return library;
			const { func } = library;
			const wrapped = (...of: unknown[]) => {
				const native = (func as (...all: unknown[]) => unknown).apply(library, of);
				return of[0] === 'int clock_gettime(int, void *)' ? this.#shifted(native as Native) : native;
			};
			return { ...library, func: wrapped } as unknown as typeof library;
		}) as typeof load;
	}

	#shifted(native: Native): Native {
		return (which, timespec) => {
			const failed = native(which, timespec);
			if (which !== monotonic) return failed;
			const nanoseconds = timespec[0]! * 1e9 + timespec[2]! + Math.round(this.ahead * 1e6);
			timespec[0] = Math.floor(nanoseconds / 1e9);
			timespec[2] = nanoseconds % 1e9;
			return failed;
		};
	}
}

type Native = (which: number, timespec: Uint32Array) => number;
