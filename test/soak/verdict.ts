import type { BoxReport } from './report.ts';
import { type Trend, trendOf } from './trend.ts';

/** What was seen of the box at one moment. */
export interface Sample extends BoxReport {
	/** Since the start, seconds. */
	seconds: number;
	/** Bytes; of the box's process as a whole. */
	rss: number;
	descriptors: number;
	threads: number;
	swaps: number;
	outages: number;
}

/** The first part of a run fills caches and compiles code; it is shown and not judged. */
const settled = 0.25;
/** A growth over the judged part that is surely more than this share of the mean is a leak. */
const growthAllowed = 0.05;
/**
 * A full collection of the main thread's heap comes every 100,000 to 150,000 frames, and the C library's heap takes as long to
 * fill: a run of few such turns shows where it stood within one. What it may seem to grow by, bytes, and up to which length.
 */
const turnBytes = 32 * 2 ** 20;
const turnsFrames = 500_000;
/** External memory, buffers above all, is back where it was after each collection: in a long run it may surely grow by this, bytes. */
const externalAllowed = 2 ** 16;

export interface Verdict {
	/** Frames from which on it was judged, and to. */
	from: number;
	to: number;
	/** By a million frames: bytes, and milliseconds. */
	rss: Trend | null;
	heap: Trend | null;
	external: Trend | null;
	native: Trend | null;
	p50: Trend | null;
	p99: Trend | null;
	descriptors: [first: number, last: number];
	threads: [first: number, last: number];
	/** What is wrong; nothing where all holds. */
	faults: string[];
}

export function verdictOf(samples: readonly Sample[]): Verdict {
	const to = samples.at(-1)?.frames ?? 0;
	const judged = samples.filter(({ frames }) => frames >= settled * to);
	const millions = judged.map(({ frames }) => frames / 1e6);
	const trend = (of: (sample: Sample) => number) => trendOf(millions, judged.map(of));
	// Gates and standby threads come and go with a swap: what stays is the least of a stretch.
	const ends = (of: (sample: Sample) => number): [number, number] => {
		const fifth = Math.ceil(judged.length / 5);
		return [Math.min(...judged.slice(0, fifth).map(of)), Math.min(...judged.slice(-fifth).map(of))];
	};
	const verdict: Verdict = {
		...{ from: judged[0]?.frames ?? 0, to },
		rss: trend(({ rss }) => rss),
		heap: trend(({ heap, mainHeap }) => heap + mainHeap),
		external: trend(({ external, mainExternal }) => external + mainExternal),
		native: trend(({ native }) => native),
		p50: trend(({ p50Ms }) => p50Ms),
		p99: trend(({ p99Ms }) => p99Ms),
		descriptors: ends(({ descriptors }) => descriptors),
		threads: ends(({ threads }) => threads),
		faults: [],
	};
	const { faults, rss, external, descriptors, threads } = verdict;
	const length = (to - verdict.from) / 1e6;
	const allowed = Math.max(growthAllowed * (rss?.mean ?? 0), to < turnsFrames ? turnBytes : 0);
	if (rss && rss.low * length > allowed)
		faults.push(`memory grows by ${((rss.slope * length) / 2 ** 20).toFixed(1)} MiB over the judged frames`);
	if (external && to >= turnsFrames && external.low * length > externalAllowed)
		faults.push(
			`external memory grows by ${((external.slope * length) / 2 ** 20).toFixed(2)} MiB over the judged frames`,
		);
	// In a run that is too short for a trend, what begins with the first swap is still beginning.
	if (rss && descriptors[1] > descriptors[0] + 2) faults.push(`open descriptors grow from ${descriptors.join(' to ')}`);
	if (rss && threads[1] > threads[0] + 2) faults.push(`threads grow from ${threads.join(' to ')}`);
	const last = samples.at(-1);
	if (last && last.unproven > 0) faults.push(`${last.unproven} green turns without evidence: ${last.reasons[0]}`);
	return verdict;
}

/** Lines for people. */
export function verdictText(verdict: Verdict): string[] {
	const { from, to, descriptors, threads } = verdict;
	const megabytes = (name: string, trend: Trend | null) =>
		line(name, trend, (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`);
	const milliseconds = (name: string, trend: Trend | null) => line(name, trend, (ms) => `${ms.toFixed(3)} ms`);
	return [
		`judged: frames ${from} to ${to}; trends by a million frames with their 95% interval`,
		megabytes('resident memory', verdict.rss),
		megabytes('JavaScript heaps', verdict.heap),
		megabytes('external memory', verdict.external),
		megabytes('held by native code', verdict.native),
		milliseconds('frame to light, p50', verdict.p50),
		milliseconds('frame to light, p99', verdict.p99),
		`descriptors ${descriptors.join(' to ')}; threads ${threads.join(' to ')}`,
	];
}

function line(name: string, trend: Trend | null, words: (value: number) => string): string {
	if (!trend) return `${name}: too few samples for a trend`;
	const { mean, slope, low, high } = trend;
	const flat = low <= 0 && high >= 0 ? 'no trend' : slope > 0 ? 'rises' : 'falls';
	return `${name}: mean ${words(mean)}, ${flat}: ${words(slope)} (${words(low)} to ${words(high)})`;
}
