import type { Sample, Verdict } from './verdict.ts';

const width = 900;
const left = 90;
const right = 20;
const panelHeight = 120;

interface Curve {
	title: string;
	colour: string;
	of: (sample: Sample) => number;
	/** By a million frames, through the judged samples. */
	line?: { mean: number; slope: number } | null;
}

/**
 * Memory, latency, descriptors and threads over the frames; the shaded first part was not judged.
 * @param heading plain words
 */
export function soakFigure(samples: readonly Sample[], verdict: Verdict, heading: string): string {
	const mebibytes = (of: (sample: Sample) => number) => (sample: Sample) => of(sample) / 2 ** 20;
	const scaled = (trend: Verdict['rss']) => trend && { mean: trend.mean / 2 ** 20, slope: trend.slope / 2 ** 20 };
	const curves: Curve[] = [
		{ title: 'resident, MiB', colour: '#2b6cb0', of: mebibytes(({ rss }) => rss), line: scaled(verdict.rss) },
		{
			...{ title: 'JavaScript heaps, MiB', colour: '#2f855a', of: mebibytes(({ heap, mainHeap }) => heap + mainHeap) },
			line: scaled(verdict.heap),
		},
		{ title: 'frame to light, p50 ms', colour: '#805ad5', of: ({ p50Ms }) => p50Ms, line: verdict.p50 },
		{ title: 'frame to light, p99 ms', colour: '#b83280', of: ({ p99Ms }) => p99Ms, line: verdict.p99 },
		{ title: 'descriptors', colour: '#c05621', of: ({ descriptors }) => descriptors },
		{ title: 'threads', colour: '#4a5568', of: ({ threads }) => threads },
	];
	const most = Math.max(1, samples.at(-1)?.frames ?? 1);
	const x = (frames: number) => (left + (frames / most) * (width - left - right)).toFixed(1);
	const judged = samples.filter(({ frames }) => frames >= verdict.from);
	const centre = judged.reduce((sum, { frames }) => sum + frames, 0) / Math.max(1, judged.length) / 1e6;
	const panels = curves.map(({ title, colour, of, line }, panel) => {
		const top = 50 + panel * (panelHeight + 24);
		const high = Math.max(...samples.map(of)) * 1.05 || 1;
		const y = (value: number) => (top + panelHeight - (value / high) * panelHeight).toFixed(1);
		const points = samples.map((sample) => `${x(sample.frames)},${y(of(sample))}`).join(' ');
		const at = (frames: number) => `${x(frames)} ${y(line!.mean + line!.slope * (frames / 1e6 - centre))}`;
		return [
			`<rect x="${left}" y="${top}" width="${(Number(x(verdict.from)) - left).toFixed(1)}" height="${panelHeight}" fill="#edf2f7"/>`,
			`<path d="M${left} ${top}V${top + panelHeight}H${width - right}" stroke="#718096" fill="none"/>`,
			`<text x="${left - 6}" y="${top + 10}" text-anchor="end">${high.toPrecision(3)}</text>`,
			`<text x="${left - 6}" y="${top + panelHeight}" text-anchor="end">0</text>`,
			`<text x="${left + 6}" y="${top + 12}" fill="${colour}">${title}</text>`,
			`<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1"/>`,
			line ? `<path d="M${at(verdict.from)}L${at(most)}" stroke="#000" stroke-dasharray="5 3"/>` : '',
		].join('\n');
	});
	const height = 60 + curves.length * (panelHeight + 24);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
		`<title>${heading}</title>`,
		`<rect width="${width}" height="${height}" fill="#fff"/>`,
		`<text x="12" y="24" font-size="14">${heading}</text>`,
		...panels,
		`<text x="${width - right}" y="${height - 8}" text-anchor="end">${most} frames</text>`,
		'</svg>',
		'',
	].join('\n');
}
