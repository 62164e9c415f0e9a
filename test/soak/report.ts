/** What the vision thread of a box under soak tells, every `reportFrames` frames. */
export interface VisionReport {
	frames: number;
	faults: number;
	/** Turns in which the light was green, and those that nothing proved, with the first reasons. */
	greens: number;
	unproven: number;
	reasons: string[];
	/** From the delivered frame to the told light, real milliseconds, over these frames. */
	p50Ms: number;
	p99Ms: number;
	/** Bytes of this thread's own heap. */
	heap: number;
	external: number;
}

/** The same with the main thread's memory beside it. */
export interface BoxReport extends VisionReport {
	mainHeap: number;
	mainExternal: number;
	/** What native code of all threads has from the C library; this does not hold what glibc keeps of it for later. */
	native: number;
}

export const reportFrames = 250;
export const reportChannel = 'phlebox-soak';
/** Set where the capture port is to have no faults. */
export const wholeCapture = 'PHLEBOX_SOAK_WHOLE_CAPTURE';
