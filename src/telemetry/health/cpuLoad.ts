import { cpus } from 'node:os';
import type { Health } from '../messages/health.ts';

interface CpuTimes {
	busy: number;
	all: number;
	cores: number;
}

/**
 * CPU load since the last look. From /proc/stat through Node: systeminformation's currentLoad starts a shell and blocks
 * the thread meanwhile.
 */
export class CpuLoad {
	#before = cpuTimes();

	look(): Health['cpu'] {
		const now = cpuTimes();
		const load = loadBetween(this.#before, now);
		this.#before = now;
		return { load, cores: now.cores };
	}
}

/** Share of the time in which a core was busy, 0..1. */
export function loadBetween(before: CpuTimes, now: CpuTimes): number {
	const all = now.all - before.all;
	return all <= 0 ? 0 : Math.min(1, Math.max(0, Math.round(((now.busy - before.busy) / all) * 1000) / 1000));
}

function cpuTimes(): CpuTimes {
	const cores = cpus();
	const sums = cores.map(({ times }) => ({
		idle: times.idle,
		all: times.user + times.nice + times.sys + times.irq + times.idle,
	}));
	const all = sums.reduce((sum, core) => sum + core.all, 0);
	return { all, busy: all - sums.reduce((sum, core) => sum + core.idle, 0), cores: cores.length };
}
