// An accelerated soak of the built box: examinations, faults of the capture port, swaps of the network and outages of the broker,
// mixed, all below this process. See test/soak/README.md.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { numberOption } from '../../src/cli/numberOption.ts';
import { progressLine } from '../../src/cli/progressLine.ts';
import { messageOf } from '../../src/errors.ts';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { type Disturbance, Disturbances, disturbanceNames } from './disturbances.ts';
import { soakFigure } from './figure.ts';
import { Ledger } from './ledger.ts';
import { type Sample, verdictOf, verdictText } from './verdict.ts';
import { boxTopic, SoakWorld } from './world.ts';

const sampleMs = 1000;
/** Without a report of the box for so long it is taken for stuck. */
const silentMs = 120_000;

const { values } = parseArgs({
	options: {
		frames: { type: 'string', default: '1000000' },
		minutes: { type: 'string', default: '100000' },
		seed: { type: 'string', default: '1' },
		json: { type: 'string' },
		svg: { type: 'string' },
		without: { type: 'string', default: '' },
	},
});

async function soak(): Promise<number> {
	const frames = numberOption(1, 1e9)(values.frames);
	const minutes = numberOption(0.1, 1e6, false)(values.minutes);
	const seed = numberOption(0, 0xffff_ffff)(values.seed);
	const without = leftOut(values.without);
	const world = new SoakWorld();
	const ledger = new Ledger();
	const samples: Sample[] = [];
	let asked = '';
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.on(signal, () => {
			asked ||= signal;
		});
	try {
		await world.start(seed, !without.includes('faults'));
		const disturbances = new Disturbances(world, seed);
		const began = performance.now();
		const progress = progressLine('soak');
		let heardMs = began;
		while (asked === '' && world.ended === null && (world.report?.frames ?? 0) < frames) {
			await sleep(sampleMs);
			listen(world, ledger, disturbances);
			const now = performance.now();
			const { report } = world;
			if (report && samples.length === 0) disturbances.start(without);
			if (report && report.frames !== samples.at(-1)?.frames) {
				heardMs = now;
				samples.push({
					...report,
					...processFigures(world.box.pid!),
					seconds: (now - began) / 1000,
					...counts(disturbances),
				});
			}
			if (now - heardMs > silentMs) throw new Error(`the box has said nothing for ${silentMs / 1000} s`);
			const share = Math.max((report?.frames ?? 0) / frames, (now - began) / 60_000 / minutes);
			progress.update(Math.round(1000 * Math.min(1, share)), 1000, detail(samples.at(-1)));
			if (share >= 1) break;
		}
		progress.end();
		if (samples.length === 0 && asked !== '') throw new Error(`ended by ${asked} before the first frame`);
		return await conclude(world, ledger, samples, disturbances, { seed, asked, without });
	} finally {
		await world.close();
	}
}

/** @throws Error when a name is no disturbance's */
function leftOut(names: string): Disturbance[] {
	return names
		.split(',')
		.filter(Boolean)
		.map((name) => {
			const known = disturbanceNames.find((disturbance) => disturbance === name);
			if (!known) throw new Error(`--without: ${name} is no disturbance; known are ${disturbanceNames.join(', ')}`);
			return known;
		});
}

const counts = ({ swaps, outages }: Disturbances) => ({ swaps, outages });

const detail = (sample: Sample | undefined) =>
	sample
		? `${sample.frames} frames, ${Math.round(sample.rss / 2 ** 20)} MiB, ${sample.descriptors} descriptors, ${sample.threads} threads, p50 ${sample.p50Ms.toFixed(2)} ms, ${sample.faults} faults, ${sample.swaps} swaps, ${sample.outages} outages`
		: 'starting';

/** Takes what the consumer has heard. */
function listen(world: SoakWorld, ledger: Ledger, disturbances: Disturbances): void {
	for (const { topic, payload } of world.listener.heard.splice(0)) {
		if (!topic.startsWith(`${boxTopic}/`)) continue;
		const rest = topic.slice(boxTopic.length + 1);
		ledger.hear(rest, payload);
		const job = /^job\/([^/]+)\/status$/.exec(rest)?.[1];
		if (job !== undefined) disturbances.jobSaid(job, String(payload?.status));
	}
}

function processFigures(pid: number): { rss: number; descriptors: number; threads: number } {
	const status = readFileSync(`/proc/${pid}/status`, 'latin1');
	const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
	return {
		rss: 1024 * number('VmRSS'),
		descriptors: readdirSync(`/proc/${pid}/fd`).length,
		threads: number('Threads'),
	};
}

/** Everything whole again, the box stopped in order, all messages in: what is missing then is lost. */
async function conclude(
	world: SoakWorld,
	ledger: Ledger,
	samples: Sample[],
	disturbances: Disturbances,
	{ seed, asked, without }: { seed: number; asked: string; without: readonly Disturbance[] },
): Promise<number> {
	const died = world.ended;
	await disturbances.stop();
	await sleep(3000);
	if (died === null) world.box.kill('SIGTERM');
	for (let tries = 0; world.ended === null && tries < 300; tries++) await sleep(100);
	const store = new LevelOutbox({ folder: join(world.store, 'outbox'), quotaBytes: 1e9, reserveBytes: 0 });
	await store.open();
	const pending = store.pending();
	await store.close();
	for (let quiet = 0, heard = -1; quiet < 20; quiet++) {
		await sleep(100);
		listen(world, ledger, disturbances);
		if (ledger.heard !== heard) quiet = 0;
		heard = ledger.heard;
	}
	const verdict = verdictOf(samples);
	const missing = ledger.missing(pending);
	const ended = died ?? (world.ended === 'code 0, signal null' ? null : (world.ended ?? 'it did not end when asked'));
	const faults = [
		...(ended === null ? [] : [`the box ended: ${ended}; ${world.lastWords}`]),
		...(samples.length === 0 ? ['the box has shown no frame'] : []),
		...verdict.faults,
		...ledger.faults,
		...missing,
	];
	const last = samples.at(-1);
	const summary = {
		...{ seed, without, interrupted: asked, broker: world.broker ? 'mosquitto' : 'embedded', node: process.version },
		...{ frames: last?.frames ?? 0, seconds: last?.seconds ?? 0, captureFaults: last?.faults ?? 0 },
		...{ swaps: disturbances.swaps, refusedSwaps: disturbances.refusedSwaps, outages: disturbances.outages },
		...{ examinations: ledger.examinations, outcomes: ledger.outcomes, messages: ledger.heard, again: ledger.again },
		...{ greens: last?.greens ?? 0, unproven: last?.unproven ?? 0 },
	};
	const heading = `${summary.frames} frames in ${Math.round(summary.seconds / 60)} min, seed ${seed}: ${faults.length === 0 ? 'all held' : 'FAILED'}`;
	if (values.json)
		writeFileSync(values.json, `${JSON.stringify({ ...summary, verdict, faults, samples }, null, '\t')}\n`);
	if (values.svg) writeFileSync(values.svg, soakFigure(samples, verdict, heading));
	console.log(
		[
			`${heading}${asked === '' ? '' : ` (ended by ${asked})`}`,
			`${summary.captureFaults} faults of the capture port, ${summary.outages} outages of the ${summary.broker} broker and its line, ${summary.swaps} swaps (${summary.refusedSwaps} not taken)`,
			`${summary.examinations} examinations (${Object.entries(ledger.outcomes)
				.map(([outcome, count]) => `${count} ${outcome}`)
				.join(', ')}), ${summary.messages} messages, ${summary.again} of them came again and were known by their id`,
			`${summary.greens} green turns, ${summary.unproven} without evidence`,
			...verdictText(verdict),
			...faults.map((fault) => `FAULT: ${fault}`),
		].join('\n'),
	);
	return faults.length === 0 ? 0 : 1;
}

process.exitCode = await soak().catch((error: unknown) => {
	console.error(`soak: ${messageOf(error)}`);
	return 1;
});
