import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all below it have used so far, as Linux counts it in /proc. */
export interface ProcessUsage {
	/** User and system time, seconds; in steps of 10 ms. */
	cpuSeconds: number;
	/** The most memory that each of the processes had resident (VmHWM), added up, bytes. */
	peakBytes: number;
}

/** Clock ticks of /proc/PID/stat a second: 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** Of a process that is gone: zeros. */
export function processUsage(pid: number): ProcessUsage {
	const sum: ProcessUsage = { cpuSeconds: 0, peakBytes: 0 };
	for (const one of processTree(pid)) {
		const usage = usageOf(one);
		sum.cpuSeconds += usage.cpuSeconds;
		sum.peakBytes += usage.peakBytes;
	}
	return sum;
}

/** The process and all below it that live. */
export function processTree(pid: number): number[] {
	const below = attempt(() => readdirSync(`/proc/${pid}/task`), []).flatMap((task) =>
		attempt(() => readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1'), '')
			.split(' ')
			.filter((child) => child.trim() !== '')
			.flatMap((child) => processTree(Number(child))),
	);
	return [pid, ...below];
}

function usageOf(pid: number): ProcessUsage {
	// The name in brackets may hold blanks; behind it come the fields from the third on (proc(5)).
	const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '');
	const later = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'latin1'), '');
	const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? '0';
	const ticks = stat === '' ? 0 : Number(later[11]) + Number(later[12]);
	return { cpuSeconds: ticks / ticksPerSecond, peakBytes: 1024 * Number(peak) };
}

/** A process may end while it is looked at. */
function attempt<T>(act: () => T, otherwise: T): T {
	try {
		return act();
	} catch {
		return otherwise;
	}
}
