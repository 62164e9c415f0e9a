import { BroadcastChannel } from 'node:worker_threads';
import { nativeHeap } from '../slow/nativeHeap.ts';
import { type BoxReport, reportChannel, type VisionReport } from './report.ts';

/** Passes on what the vision thread reports, with the memory of the main thread beside it. */
export function reportToParent(): void {
	const native = nativeHeap();
	const channel = new BroadcastChannel(reportChannel);
	channel.onmessage = (event) => {
		const { heapUsed, external } = process.memoryUsage();
		const { data } = event as { data: VisionReport };
		const report: BoxReport = { ...data, mainHeap: heapUsed, mainExternal: external, native: native() };
		// A parent that has gone hears nothing; the box goes on.
		process.send?.(report, undefined, undefined, () => undefined);
	};
	channel.unref();
}
