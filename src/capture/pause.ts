const never = new Int32Array(new SharedArrayBuffer(4));

/** Holds this thread for so many milliseconds; nothing for zero and less. Allocates nothing. */
export function pause(milliseconds: number): void {
	if (milliseconds > 0) Atomics.wait(never, 0, 0, milliseconds);
}
