import type { AgainstResult, Row } from './against.ts';

/** The table of `phlebox bench --against`. */
export function againstTable({ rows, rounds, frames, frame, model, node, arch }: AgainstResult): string {
	const measured = rows.filter((row) => row.figures !== null);
	const heads = ['frames/s', 'p50 ms', 'p99 ms', 'max ms', 'CPU s/1000', 'peak MiB'];
	return [
		`${frames} frames of ${frame.width}x${frame.height} ${frame.pixelFormat} in ${rounds} rounds; ${model.name} ${model.version}; each network on one thread; Node ${node} ${arch}`,
		line('', heads),
		...measured.map(({ name, figures }) =>
			line(name, [
				figures!.framesPerSecond.toFixed(0),
				...[figures!.p50Ms, figures!.p99Ms, figures!.maxMs].map((ms) => ms.toFixed(2)),
				figures!.cpuSecondsPerThousandFrames.toFixed(2),
				figures!.peakMb.toFixed(0),
			]),
		),
		'',
		line('as multiples of the first', [
			...heads.map((head) => head.replace(/ ms| MiB| s\/1000/, '')),
			'rounds from',
			'to',
		]),
		...measured.map(({ name, ratios }) =>
			line(
				name,
				[
					...[ratios!.framesPerSecond, ratios!.p50Ms, ratios!.p99Ms, ratios!.maxMs],
					...[ratios!.cpuSecondsPerThousandFrames, ratios!.peakMb],
					...[ratios!.framesPerSecondLeast, ratios!.framesPerSecondMost],
				].map((ratio) => ratio.toFixed(2)),
			),
		),
		'',
		...rows.map(aboutLine),
		'',
	].join('\n');
}

function aboutLine({ name, about, notMeasured, difference }: Row): string {
	const same = difference
		? `input ${difference.mean.toFixed(2)} grey levels away (at most ${difference.largest.toFixed(1)}), probabilities ${difference.probability.toFixed(5)}`
		: '';
	return `${name}: ${[about, same, notMeasured && `NOT MEASURED: ${notMeasured}`].filter((part) => part).join('; ')}`;
}

function line(name: string, cells: string[]): string {
	return `${name.padEnd(34)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}
