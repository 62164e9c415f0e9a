// A recording set in slow motion, for a machine that is too slow for a scan in real time: the videos say a lower frame rate, and
// the protocol's durations are longer by as much.
//   node build/test/lab/slowMotion.js SET CONFIG     changes SET's videos in place, writes the configuration to judge with
import { closeSync, openSync, readdirSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { protocolDefaults } from '../../src/exam/protocol.ts';

/** More, and images that are 66 ms apart in truth would pass for a frozen scan. */
const slowness = 5;
const durations = [
	'openMs',
	'closedMs',
	'maxGapMs',
	'sightMs',
	'minPressMs',
	'pressLimitMs',
	'capturedShowMs',
] as const;

/** What is set under `exam` so that the protocol fits the slow videos. */
export const slowExam = Object.fromEntries(durations.map((name) => [name, protocolDefaults[name] * slowness]));

/** Writes a lower frame rate into the video's first line, in the room of the old one. */
function slowDown(file: string): void {
	const handle = openSync(file, 'r+');
	const line = Buffer.alloc(80);
	readSync(handle, line);
	const rate = / F(\d+):(\d+) /.exec(line.toString('latin1'))!;
	const slower = ` F${String(Number(rate[1]) / slowness).padStart(rate[1]!.length, '0')}:${rate[2]} `;
	writeSync(handle, slower, rate.index, 'latin1');
	closeSync(handle);
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
	const [set, config] = process.argv.slice(2) as [string, string];
	for (const name of readdirSync(set)) if (name.endsWith('.y4m')) slowDown(join(set, name));
	writeFileSync(config, JSON.stringify({ exam: slowExam }));
}
