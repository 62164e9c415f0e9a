import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import { readManifest } from '../../inference/package/packageFile.ts';
import { graphFiles, graphPlace } from '../../inference/package/packageGraph.ts';
import { modelFolder } from '../../vision/protocol.ts';
import { benchSimulation } from '../bench.ts';
import { type Summary, summarise } from '../summary.ts';
import { Contender } from './contender.ts';
import { contenderList, type Entry } from './contenderList.ts';
import { type Difference, differenceOf, otherWork } from './sameWork.ts';
import type { Seen, Spec } from './spec.ts';

export interface AgainstOptions {
	width: number;
	height: number;
	pixelFormat: 'YUYV' | 'GREY';
	/** Frames of each contender, over all rounds. */
	frames: number;
	rounds: number;
	onProgress?(done: number, all: number, detail: string): void;
}

export interface Figures extends Summary {
	framesPerSecond: number;
	cpuSecondsPerThousandFrames: number;
	/** The most that its processes had resident, MiB. */
	peakMb: number;
}

/** One contender: its figures, or why there are none. */
export interface Row {
	id: string;
	name: string;
	about: string;
	/** Why it was not measured; null where it was. */
	notMeasured: string | null;
	difference: Difference | null;
	figures: Figures | null;
	/** Each figure by ours. Of the frames a second the median of the rounds, each beside ours of that round; the least; the most. */
	ratios: (Figures & { framesPerSecondLeast: number; framesPerSecondMost: number }) | null;
}

/** What `phlebox bench --against` measures; `--json` writes exactly this. */
export interface AgainstResult {
	rows: Row[];
	frames: number;
	rounds: number;
	frame: { width: number; height: number; pixelFormat: string };
	model: { name: string; version: string };
	node: string;
	arch: string;
}

/** Frames over which the contenders have to agree. */
const shown = 12;
/** Frames that are played before the first round, and before each. */
const warmUp = 50;
const leadIn = 10;
/** What the network is told of the time between two images where the frames do not tell it. */
const intervalMs = 40;
/** Different images that are shown in turn. */
const images = 4;

interface Place {
	entry: Entry;
	row: Row;
	contender: Contender | null;
	/** Milliseconds a frame, one piece a round. */
	times: Float64Array[];
	frames: number;
	cpuSeconds: number;
}

/**
 * All contenders side by side below this process, over the same frames in the same file. In rounds, each time from another one on,
 * so that what else the machine does meets all. Only who computes the same is measured.
 * @throws PhleboxError when ours does not run
 */
export async function against(
	config: Config,
	options: AgainstOptions,
	entries = contenderList(),
): Promise<AgainstResult> {
	const folder = mkdtempSync(join(tmpdir(), 'phlebox-against-'));
	const { width, height, pixelFormat, frames, rounds } = options;
	const manifest = readManifest(modelFolder(config.inference.model));
	const places: Place[] = entries.map((entry) => ({
		...{ entry, contender: null, times: [], frames: 0, cpuSeconds: 0 },
		row: {
			...{ id: entry.id, name: entry.name, about: '', difference: null, figures: null, ratios: null },
			notMeasured: entry.command ? null : `not installed: ${entry.missing}`,
		},
	}));
	try {
		const spec = writeFrames(folder, config, options);
		await start(places, spec, manifest.outputs.landmark.labels.length);
		await measure(places, options);
	} finally {
		await Promise.all(places.map(({ contender }) => contender?.close()));
		rmSync(folder, { recursive: true, force: true });
	}
	return {
		rows: places.map(({ row }) => row),
		...{ frames, rounds, frame: { width, height, pixelFormat } },
		model: { name: manifest.name, version: manifest.version },
		...{ node: process.version, arch: process.arch },
	};
}

function writeFrames(folder: string, config: Config, { width, height, pixelFormat }: AgainstOptions): Spec {
	const { simulation, draw } = benchSimulation({ width, height, pixelFormat });
	const stride = pixelFormat === 'YUYV' ? 2 * width : width;
	const file = Buffer.alloc(images * stride * height);
	for (let place = 0; place < images; place++)
		draw(place, file.subarray(place * stride * height, (place + 1) * stride * height));
	const frames = join(folder, 'frames.raw');
	writeFileSync(frames, file);
	const model = modelFolder(config.inference.model);
	const manifest = readManifest(model);
	const { input, interval, state, outputs } = manifest;
	const graph = (place: number) => join(model, graphFiles(manifest)[place]!.model);
	// Formats with colour at every second pixel are cut out at even ones only.
	const even = (value: number) => value - (value % 2);
	const { x, y, width: wide, height: high } = simulation.roi;
	return {
		...{ frames, count: images, frame: { width, height, pixelFormat, stride } },
		...{ model: graph(graphPlace(manifest, 'cpu')), plain: graph(0) },
		roi: { x: even(x), y: even(y), width: even(wide), height: even(high) },
		...{ input, interval: interval?.name ?? null, state, outputs, config },
	};
}

/** Starts all and lets them show that they compute the same as the first. */
async function start(places: Place[], spec: Spec, labels: number): Promise<void> {
	let ours: Seen | null = null;
	for (const place of places) {
		if (!place.entry.command) continue;
		const contender = new Contender(place.entry.command, spec);
		place.contender = contender;
		contender.start();
		const went = await attempt(place, async () => {
			place.row.about = (await contender.ask({ ask: 'ready' })).about;
			const seen: Seen = await contender.ask({ ask: 'show', frames: shown, seen: ours && told(ours) });
			ours ??= seen;
			place.row.difference = differenceOf(ours, seen, labels);
			place.row.notMeasured = otherWork(place.row.difference, place.entry);
			if (place.row.notMeasured === null) await contender.ask({ ask: 'run', frames: warmUp, leadIn, intervalMs });
		});
		if (place === places[0] && !went) throw oursFailed(place);
	}
}

/** Without ours there is nothing to measure the others by. */
const oursFailed = ({ entry, row }: Place) =>
	new PhleboxError('runtime-failed', `bench: ${entry.name}: ${row.notMeasured}`);

const told = ({ start, intervals }: Seen) => ({ start, intervals });

/** @returns false when it went wrong; the row then says why */
async function attempt({ row }: Place, act: () => Promise<void>): Promise<boolean> {
	try {
		await act();
	} catch (error) {
		row.notMeasured = messageOf(error);
	}
	return row.notMeasured === null;
}

async function measure(places: Place[], { frames, rounds, onProgress }: AgainstOptions): Promise<void> {
	const each = Math.ceil(frames / rounds);
	for (let round = 0; round < rounds; round++) {
		for (let turn = 0; turn < places.length; turn++) {
			const place = places[(round + turn) % places.length]!;
			if (place.row.notMeasured !== null) continue;
			const went = await attempt(place, () => playRound(place, each));
			if (place === places[0] && !went) throw oursFailed(place);
			onProgress?.(round * places.length + turn + 1, rounds * places.length, place.entry.name);
		}
	}
	for (const place of places) if (place.row.notMeasured === null) place.row.figures = figuresOf(place);
	for (const place of places) place.row.ratios = ratiosOf(place, places[0]!);
}

async function playRound(place: Place, frames: number): Promise<void> {
	const contender = place.contender!;
	const before = contender.usage().cpuSeconds;
	const reply = await contender.ask({ ask: 'run', frames, leadIn, intervalMs });
	place.cpuSeconds += (contender.usage().cpuSeconds - before) * (frames / (frames + leadIn));
	place.frames += frames;
	const times = new Float64Array(Uint8Array.from(Buffer.from(reply.times, 'base64')).buffer);
	const taken = times.filter((ms) => !Number.isNaN(ms));
	// Each pause that a busy machine makes costs the box two: it takes the scan for one that stands.
	if (taken.length < 0.5 * frames) throw new PhleboxError('runtime-failed', 'its network is not shown the frames');
	place.times.push(taken);
}

const secondsOf = (times: Float64Array) => times.reduce((sum, ms) => sum + ms, 0) / 1000;

function figuresOf({ times, frames, cpuSeconds, contender }: Place): Figures {
	const all = Float64Array.from(times.flatMap((round) => [...round]));
	return {
		...summarise(all),
		framesPerSecond: all.length / secondsOf(all),
		cpuSecondsPerThousandFrames: (1000 * cpuSeconds) / frames,
		peakMb: contender!.usage().peakBytes / 2 ** 20,
	};
}

function ratiosOf({ row, times }: Place, ours: Place): Row['ratios'] {
	const [mine, theirs] = [row.figures, ours.row.figures];
	if (!mine || !theirs) return null;
	const names = Object.keys(mine) as (keyof Figures)[];
	const rate = (round: Float64Array) => round.length / secondsOf(round);
	const rounds = times.map((round, at) => rate(round) / rate(ours.times[at]!)).toSorted((a, b) => a - b);
	return {
		...(Object.fromEntries(names.map((name) => [name, mine[name] / theirs[name]])) as unknown as Figures),
		framesPerSecond: rounds[rounds.length >> 1]!,
		framesPerSecondLeast: rounds[0]!,
		framesPerSecondMost: rounds.at(-1)!,
	};
}
