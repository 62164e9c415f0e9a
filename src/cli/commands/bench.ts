import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { PhleboxError } from '../../errors.ts';
import { type BenchResult, bench } from '../../evaluation/bench.ts';
import { benchStarts } from '../../evaluation/startBench.ts';
import { numberOption } from '../numberOption.ts';
import { outputFile } from '../outputFile.ts';
import { progressLine } from '../progressLine.ts';

interface Options {
	config?: string;
	frames: number;
	size: { width: number; height: number };
	format: 'YUYV' | 'GREY';
	hz: number;
	starts?: number;
	floor?: boolean;
	json?: string;
	against?: boolean;
	rounds: number;
	svg?: string;
}

export function benchCommand(): Command {
	return new Command('bench')
		.description('Measures each stage and the whole way from frame to light, on frames from memory')
		.option('--frames <n>', 'frames to measure', numberOption(100, 10_000_000), 5000)
		.option('--size <WxH>', 'size of the frames', size, { width: 1920, height: 1080 })
		.option('--format <format>', 'YUYV or GREY', format, 'YUYV')
		.option('--hz <n>', 'frames a second of the line; 0: as fast as it goes', numberOption(0, 240, false), 0)
		.option('--floor', 'measure the floor beside it: the scan area read once, bare calls of pixel kernel and network')
		.option(
			'--starts <n>',
			'instead: starts the box so often, and times each part up to the first light',
			numberOption(1, 1000),
		)
		.option('--config <file>', 'configuration; default: the defaults')
		.option('--json <file>', 'write the figures as JSON too')
		.option('--against', 'instead: other ways from the same frames to the same answer, side by side with ours')
		.option('--rounds <n>', 'with --against: rounds in which the contenders take turns', numberOption(1, 1000), 20)
		.option('--svg <file>', 'with --against: draw the figures into this file')
		.action(async (options: Options) => {
			if (options.against) return benchAgainst(options);
			if (options.svg !== undefined) throw new PhleboxError('bad-usage', 'bench: --svg is for --against; leave it out');
			const progress = progressLine('bench');
			if (options.starts !== undefined) return benchStart(options, options.starts, progress);
			const result = bench(loadConfig(options.config ?? null), {
				...options.size,
				pixelFormat: options.format,
				frames: options.frames,
				hz: options.hz,
				floor: options.floor ?? false,
				onProgress: (done, all) => progress.update(done, all),
			});
			progress.end();
			if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
			process.stdout.write(table(result));
		});
}

async function benchStart(options: Options, starts: number, progress: ReturnType<typeof progressLine>): Promise<void> {
	const result = await benchStarts(options.config ?? null, starts, (done, all) => progress.update(done, all));
	progress.end();
	if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
	const { firstLight, cpuMs, parts, node, arch } = result;
	const row = (name: string, ms: number) => `${name.padEnd(28)}${ms.toFixed(0).padStart(8)}\n`;
	process.stdout.write(
		[
			`${starts} starts, from the process's start to the first light; Node ${node} ${arch}\n`,
			'milliseconds                  median\n',
			...Object.entries(parts).map(([name, ms]) => row(name, ms)),
			row('first light', firstLight.medianMs),
			row('best', firstLight.bestMs),
			row('worst', firstLight.worstMs),
			row('processor time until then', cpuMs),
		].join(''),
	);
}

async function benchAgainst({ size, format, frames, rounds, hz, ...options }: Options): Promise<void> {
	if (hz > 0) throw new PhleboxError('bad-usage', 'bench: --against plays as fast as it goes; leave out --hz');
	if (frames < rounds) throw new PhleboxError('bad-usage', 'bench: give at least as many --frames as --rounds');
	const { against } = await import('../../evaluation/against/against.ts');
	const { againstTable } = await import('../../evaluation/against/table.ts');
	const { againstPlot } = await import('../../evaluation/against/plot.ts');
	const [json, svg] = [options.json, options.svg].map((file) => (file === undefined ? null : outputFile(file)));
	const progress = progressLine('bench');
	const result = await against(loadConfig(options.config ?? null), {
		...{ ...size, pixelFormat: format, frames, rounds },
		onProgress: (done, all, detail) => progress.update(done, all, detail),
	});
	progress.end();
	json?.write(`${JSON.stringify(result, null, 2)}\n`);
	svg?.write(againstPlot(result));
	process.stdout.write(againstTable(result));
}

function size(text: string): { width: number; height: number } {
	const [, width, height] = /^(\d{3,4})x(\d{3,4})$/.exec(text) ?? [];
	if (!width || !height) throw new InvalidArgumentError('It has to be like 1920x1080.');
	return { width: Number(width), height: Number(height) };
}

function format(text: string): string {
	if (text !== 'YUYV' && text !== 'GREY') throw new InvalidArgumentError('It has to be YUYV or GREY.');
	return text;
}

function table(result: BenchResult): string {
	const { frame, model, wholeWay, box, line, floor } = result;
	const row = (name: string, ...values: number[]) =>
		`${name.padEnd(28)}${values.map((value) => value.toFixed(3).padStart(10)).join('')}`;
	return [
		`${result.frames} frames of ${frame.width}x${frame.height} ${frame.pixelFormat} from memory; ${model.name} ${model.version} on ${model.provider}; Node ${result.node} ${result.arch}`,
		`${'milliseconds'.padEnd(28)}${['p50', 'p99', 'max'].map((head) => head.padStart(10)).join('')}`,
		...result.stages.map((stage) => row(stage.name, stage.p50Ms, stage.p99Ms, stage.maxMs)),
		row('whole way, frame to light', wholeWay.p50Ms, wholeWay.p99Ms, wholeWay.maxMs),
		`the same, by the box itself ${box.latency ? `${box.latency.p50Ms} p50, ${box.latency.p99Ms} p99, ${box.latency.maxMs} max at most${box.latency.beyond > 0 ? `, ${box.latency.beyond} beyond` : ''}` : 'no frames'}`,
		line
			? `${`late at ${line.hz} frames a second`.padEnd(28)}${box.misses} later than a frame time, at most ${box.longestMissRun} in a row; ${line.dropped} frames dropped`
			: 'late frames                 need the rate of a line: --hz 60',
		...(floor
			? [
					row('floor: scan area read once', floor.pixels.p50Ms, floor.pixels.p99Ms, floor.pixels.maxMs),
					row('floor: bare pixel kernel', floor.kernel.p50Ms, floor.kernel.p99Ms, floor.kernel.maxMs),
					row('floor: bare network call', floor.network.p50Ms, floor.network.p99Ms, floor.network.maxMs),
					`whole way over bare calls   ${floor.share.toFixed(3)} (p50 of frames, over that of the calls after them)`,
				]
			: []),
		`frames a second             ${wholeWay.framesPerSecond.toFixed(0)}; of 500 each, the slowest tenth up to ${wholeWay.slowChunks.toFixed(0)}, the fastest from ${wholeWay.fastChunks.toFixed(0)} on`,
		`CPU seconds a 1000 frames   ${result.cpuSecondsPerThousandFrames.toFixed(3)}`,
		`memory (RSS)                ${result.rssMb.toFixed(0)} MB`,
		`heap growth over all frames ${result.heapGrowthBytes} bytes; allocated a frame ${result.heapAllocatedBytesPerFrame.toFixed(1)} bytes`,
		'',
	].join('\n');
}
