import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { PixelFormat } from '../capture/frame.ts';
import type { Config } from '../config/schema.ts';
import { PhleboxError } from '../errors.ts';
import { demoScenario } from '../simulator/demoScenario.ts';
import { Simulation, simulationDefaults } from '../simulator/simulation.ts';
import { type Timing, TimingWindow } from '../telemetry/timing.ts';
import { type Assembly, assemble } from '../vision/assemble.ts';
import { modelFolder, sitesOf } from '../vision/protocol.ts';
import { schedule } from '../vision/scheduling.ts';
import { type Measured, measured, StageTimes } from '../vision/stageTimes.ts';
import { StatusBoard } from '../vision/statusBoard.ts';
import { Floor, type FloorResult } from './floor.ts';
import { MemorySource } from './memorySource.ts';
import { type Summary, summarise } from './summary.ts';

export interface BenchOptions {
	width: number;
	height: number;
	pixelFormat: Extract<PixelFormat, 'YUYV' | 'GREY'>;
	/** Measured frames; as many as a tenth of them are played before, unmeasured. */
	frames: number;
	/** Frames a second of the line; 0: each as soon as the one before is done. */
	hz: number;
	/** Measures the floor too, between the frames: `FloorResult`. */
	floor?: boolean;
	onProgress?(done: number, all: number): void;
}

/** What `phlebox bench` measures; `--json` writes exactly this. */
export interface BenchResult {
	/** Parts of the way, in order. */
	stages: ({ name: string } & Summary)[];
	/** From a frame's timestamp to the moment the light has been told. */
	/** Frames a second: over all, and what the slowest and the fastest tenth of the chunks of 500 frames do not get past. */
	wholeWay: Summary & { framesPerSecond: number; slowChunks: number; fastChunks: number };
	/** What the box says of the same frames itself, as in its health. `misses` mean something at the rate of a line only. */
	box: Timing;
	/** Frames a second of the line, and frames that came while the loop was not ready for them; null without a line. */
	line: { hz: number; dropped: number } | null;
	/**
	 * Null where it was not asked for. `share` is the whole way's p50 over that of the bare calls right after it, the middle of all
	 * chunks of frames: 1.1 is within 10%. A machine that is faster one second than the next one is so for both.
	 */
	floor: (FloorResult & { share: number }) | null;
	/** CPU time of the process a thousand frames, seconds. */
	cpuSecondsPerThousandFrames: number;
	rssMb: number;
	/** Bytes of heap that were more in use after all frames than before, both after a collection. */
	heapGrowthBytes: number;
	/** Bytes of heap allocated a frame: the median of chunks of 500 frames. Reading the heap's size is in it, 1 byte a frame. */
	heapAllocatedBytesPerFrame: number;
	frames: number;
	frame: { width: number; height: number; pixelFormat: string };
	model: { name: string; version: string; provider: string };
	node: string;
	arch: string;
}

const chunk = 500;
/** Runs of the floor after each chunk. */
const floorRuns = 100;

/** Frames from memory through the whole way, as fast as it goes, on the thread that calls. */
export function bench(config: Config, options: BenchOptions): BenchResult {
	schedule(config.vision);
	const { frames } = options;
	const warmUp = Math.ceil(frames / 10);
	const times = new StageTimes(warmUp + 1 + frames);
	const led = fakeLed();
	const { simulation, draw } = benchSimulation(options);
	const source = new MemorySource(options, Number.MAX_SAFE_INTEGER, draw, options.hz);
	const board = new StatusBoard(sitesOf(config));
	const roi = simulation.roi;
	const assembly = assemble({
		config: {
			...config,
			screen: { ...config.screen, roi: [roi.x, roi.y, roi.width, roi.height] },
			indicator: { ...config.indicator, leds: [{ red: led.red, green: led.green, blue: led.blue, brightness: 100 }] },
		},
		board,
		exam: null,
		record: () => undefined,
		source,
		stages: times,
	});
	let floor: Floor | null = null;
	try {
		if (options.floor) {
			const { memory, frame } = source.laid;
			const { model, library, threads } = config.inference;
			const runs = floorRuns * Math.ceil(frames / chunk);
			floor = new Floor(memory, frame, roi, { folder: modelFolder(model), library, threads }, runs);
		}
		return measure(assembly, board, times, warmUp, options, floor);
	} finally {
		floor?.close();
		assembly.close();
		rmSync(led.folder, { recursive: true });
	}
}

/** The simulated screen that is measured, and four images of it: the vein at rest, 80 ms apart. */
export function benchSimulation({
	width,
	height,
	pixelFormat,
}: Pick<BenchOptions, 'width' | 'height' | 'pixelFormat'>) {
	const simulation = new Simulation({
		...simulationDefaults,
		...{ width, height, pixelFormat, seed: 1, scannerHz: 25, scenario: demoScenario(1) },
	});
	simulation.isOver(0);
	const draw = (slot: number, bytes: Uint8Array) =>
		void simulation.draw(bytes, 0, bytes.length / height, pixelFormat, 2500 + 80 * slot);
	return { simulation, draw };
}

function measure(
	{ loop, ready }: Assembly,
	board: StatusBoard,
	times: StageTimes,
	warmUp: number,
	options: BenchOptions,
	floor: Floor | null,
): BenchResult {
	const { frames, width, height, pixelFormat, hz } = options;
	for (let i = 0; i < warmUp; i++) loop.turn();
	if (loop.observation.scene !== 'live')
		throw new PhleboxError(
			'bad-usage',
			`bench: the simulated screen of ${width}x${height} is not taken for a live scan`,
		);
	const collect = collector();
	collect();
	// The collection is not of the frames, and on a line costs some.
	loop.turn();
	const box = new TimingWindow();
	box.begin(board);
	const droppedBefore = board.get('dropped');
	const heapBefore = process.memoryUsage().heapUsed;
	let cpuSeconds = 0;
	let seconds = 0;
	const allocated = new Float64Array(Math.ceil(frames / chunk));
	const [shares, rates] = [new Float64Array(allocated.length), new Float64Array(allocated.length)];
	for (let done = 0; done < frames; done += chunk) {
		const before = process.memoryUsage().heapUsed;
		const most = Math.min(chunk, frames - done);
		const cpuBefore = process.cpuUsage();
		const startMs = performance.now();
		for (let i = 0; i < most; i++) loop.turn();
		const took = (performance.now() - startMs) / 1000;
		seconds += took;
		rates[done / chunk] = most / took;
		const cpu = process.cpuUsage(cpuBefore);
		cpuSeconds += (cpu.user + cpu.system) / 1e6;
		// A collection makes a chunk less, code that is not compiled yet makes it more: most of them tell.
		allocated[done / chunk] = (process.memoryUsage().heapUsed - before) / most;
		if (floor) {
			const least = floor.measure(floorRuns);
			shares[done / chunk] = summarise(times.of('whole').subarray(-most)).p50Ms / least;
		}
		options.onProgress?.(done + most, frames);
	}
	const { rss } = process.memoryUsage();
	collect();
	const heapGrowthBytes = process.memoryUsage().heapUsed - heapBefore;
	const of = (name: Measured) =>
		summarise(
			times
				.of(name)
				.subarray(warmUp + 1)
				.filter((ms) => !Number.isNaN(ms)),
		);
	const whole = of('whole');
	rates.sort();
	const tenth = Math.floor(rates.length / 10);
	const least = floor?.result() ?? null;
	return {
		stages: measured.filter((name) => name !== 'whole').map((name) => ({ name, ...of(name) })),
		wholeWay: {
			...{ ...whole, framesPerSecond: frames / seconds },
			...{ slowChunks: rates[tenth]!, fastChunks: rates[rates.length - 1 - tenth]! },
		},
		box: box.figures(board),
		line: hz > 0 ? { hz, dropped: board.get('dropped') - droppedBefore } : null,
		floor: least && { ...least, share: summarise(shares).p50Ms },
		cpuSecondsPerThousandFrames: cpuSeconds / (frames / 1000),
		rssMb: rss / 2 ** 20,
		heapGrowthBytes,
		heapAllocatedBytesPerFrame: summarise(allocated).p50Ms,
		frames,
		frame: { width, height, pixelFormat },
		model: { name: ready.model.name, version: ready.model.version, provider: ready.model.provider },
		node: process.version,
		arch: process.arch,
	};
}

/** The collector of garbage, without starting Node with a flag. */
function collector(): () => void {
	v8.setFlagsFromString('--expose-gc');
	return vm.runInNewContext('gc') as () => void;
}

/** Plain files in place of /sys/class/leds: the driver's own writes are made, the kernel's work behind them is not. */
export function fakeLed(): { folder: string; red: string; green: string; blue: string } {
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-bench-'));
	const make = (name: string) => {
		const led = join(folder, name);
		mkdirSync(led);
		writeFileSync(join(led, 'brightness'), '0\n');
		writeFileSync(join(led, 'max_brightness'), '255\n');
		writeFileSync(join(led, 'trigger'), '[none] timer\n');
		return led;
	};
	return { folder, red: make('red'), green: make('green'), blue: make('blue') };
}
