import type { AgainstResult, Figures } from './against.ts';

const panels: { name: keyof Figures; title: string; digits: number }[] = [
	{ name: 'framesPerSecond', title: 'frames a second (more is better)', digits: 0 },
	{ name: 'p99Ms', title: 'p99 of a frame, ms', digits: 1 },
	{ name: 'cpuSecondsPerThousandFrames', title: 'CPU seconds a 1000 frames', digits: 2 },
	{ name: 'peakMb', title: 'peak memory, MiB', digits: 0 },
];
const rowHeight = 24;
const left = 220;
const barWidth = 330;
const width = left + barWidth + 130;

/** Bars of four figures, one row a contender, each with its value and its multiple of the first. */
export function againstPlot({ rows, frame, model, node, arch }: AgainstResult): string {
	const measured = rows.filter(({ figures }) => figures !== null);
	const panelHeight = 34 + rowHeight * measured.length;
	const parts = panels.flatMap(({ name, title, digits }, panel) => {
		const top = 40 + panel * panelHeight;
		const most = Math.max(...measured.map(({ figures }) => figures![name]));
		return [
			text(left, top + 16, title, 'font-weight="bold"'),
			...measured.flatMap((row, at) => {
				const value = row.figures![name];
				const y = top + 24 + at * rowHeight;
				const long = Math.max(1, (value / most) * barWidth);
				return [
					text(left - 8, y + 15, row.name, 'text-anchor="end"'),
					`<rect x="${left}" y="${y + 3}" width="${long.toFixed(1)}" height="${rowHeight - 7}" fill="${at < 2 ? '#2b6cb0' : '#a0aec0'}"/>`,
					text(left + long + 6, y + 15, `${value.toFixed(digits)}  (×${row.ratios![name].toFixed(2)})`),
				];
			}),
		];
	});
	const height = 50 + panels.length * panelHeight;
	const heading = `${frame.width}x${frame.height} ${frame.pixelFormat} to the network's answer; ${model.name} ${model.version}; Node ${node} ${arch}`;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
		`<title>${escaped(heading)}</title>`,
		`<rect width="${width}" height="${height}" fill="#fff"/>`,
		text(12, 24, heading, 'font-size="14"'),
		...parts,
		'</svg>',
		'',
	].join('\n');
}

function text(x: number, y: number, words: string, more = ''): string {
	return `<text x="${x.toFixed(0)}" y="${y}" ${more}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
	return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
