import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PhleboxError } from '../errors.ts';
import { shippedPath } from '../packageRoot.ts';
import type { FirstLight } from '../startMarks.ts';
import { summarise } from './summary.ts';

/** What `phlebox bench --starts` measures; `--json` writes exactly this. Milliseconds. */
export interface StartResult {
	starts: number;
	/** From the process's start to the first light that rests on a look at the signal. */
	firstLight: { medianMs: number; bestMs: number; worstMs: number };
	/** Processor time of all threads until then, median. */
	cpuMs: number;
	/** Medians, in order. */
	parts: Record<string, number>;
	node: string;
	arch: string;
}

/** Longest that a start may take, milliseconds. */
const startMs = 120_000;

/**
 * Starts the box in a process of its own again and again, and reads from its log how long each part took. With a store and
 * a port of its own; without a configuration also with a recording for a camera and a broker that is not there.
 * @throws PhleboxError vision-failed when it does not come to a light
 */
export async function benchStarts(
	config: string | null,
	starts: number,
	onProgress: (done: number, all: number) => void = () => undefined,
): Promise<StartResult> {
	const all: FirstLight[] = [];
	for (let at = 0; at < starts; at++) {
		all.push(await oneStart(config));
		onProgress(at + 1, starts);
	}
	const totals = all.map(({ afterMs }) => afterMs);
	const names = Object.keys(all[0]!.parts);
	return {
		starts,
		firstLight: { medianMs: median(totals), bestMs: Math.min(...totals), worstMs: Math.max(...totals) },
		cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
		parts: Object.fromEntries(names.map((name) => [name, median(all.map(({ parts }) => parts[name] ?? 0))])),
		node: process.version,
		arch: process.arch,
	};
}

const median = (values: number[]) => summarise(Float64Array.from(values)).p50Ms;

async function oneStart(config: string | null): Promise<FirstLight> {
	const store = mkdtempSync(join(tmpdir(), 'phlebox-start-'));
	const recording = join(store, 'screen.y4m');
	writeFileSync(recording, stillScreen());
	const played = {
		...{ PHLEBOX_CAPTURE_SOURCE: 'recording', PHLEBOX_CAPTURE_RECORDING_FILE: recording },
		PHLEBOX_MQTT_URL: 'mqtt://127.0.0.1:1',
	};
	const child = spawn(
		process.execPath,
		[shippedPath('dist', 'cli', 'main.js'), 'run', ...(config === null ? [] : ['--config', config])],
		{
			stdio: ['ignore', 'ignore', 'pipe'],
			env: {
				...process.env,
				...(config === null && played),
				...{ PHLEBOX_STORE_FOLDER: store, PHLEBOX_WEB_PORT: '0', PHLEBOX_LOG_LEVEL: 'info' },
			},
		},
	);
	const exited = once(child, 'exit');
	const deadline = setTimeout(() => child.kill('SIGKILL'), startMs);
	let last = '';
	try {
		for await (const line of createInterface({ input: child.stderr! })) {
			last = line;
			const found = firstLightIn(line);
			if (found) return found;
		}
		throw new PhleboxError('vision-failed', `the box came to no light; the last it said was: ${last}`);
	} finally {
		clearTimeout(deadline);
		child.stderr!.resume();
		child.kill('SIGTERM');
		const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
		await exited;
		clearTimeout(late);
		rmSync(store, { recursive: true, force: true });
	}
}

/** A second of a screen on which nothing is, 1280x720, as YUV4MPEG2. */
function stillScreen(): Buffer {
	const frame = Buffer.concat([Buffer.from('FRAME\n'), Buffer.alloc(1280 * 720, 40)]);
	const head = Buffer.from('YUV4MPEG2 W1280 H720 F30:1 Ip A1:1 Cmono\n');
	return Buffer.concat([head, ...Array.from({ length: 30 }, () => frame)]);
}

/** What a line of the box's log says of its first light; null for any other line. */
export function firstLightIn(line: string): FirstLight | null {
	if (!line.includes('"first light"')) return null;
	const { afterMs, sinceBootMs, cpuMs, parts } = JSON.parse(line) as FirstLight;
	return { afterMs, sinceBootMs, cpuMs, parts };
}
