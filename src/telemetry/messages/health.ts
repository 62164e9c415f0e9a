import { z } from 'zod';
import { signalStates } from '../../capture/signal.ts';
import { guidances } from '../../exam/guidance.ts';
import { scenes } from '../../screen/scene.ts';
import {
	bootField,
	instant,
	latencyFigures,
	milliseconds,
	refusedProvider,
	schemaField,
	stageFigures,
} from './fields.ts';

const bytes = z.int().min(0);
const count = z.int().min(0);

/** Changes of the input that a health message repeats, the last ones. */
export const recentChanges = 8;

/** A part that could not be read in time is null: health never waits for a sick part. */
export const healthSchema = z.object({
	schema: schemaField,
	boot: bootField,
	seq: z.int().min(1).describe('Counts the health messages of this start.'),
	measuredAt: instant,
	uptimeMs: milliseconds.describe('Of the software.'),
	cpu: z
		.object({ load: z.number().min(0).max(1), cores: count })
		.nullable()
		.describe('Since the last message.'),
	memory: z.object({ totalBytes: bytes, availableBytes: bytes }).nullable(),
	process: z.object({ rssBytes: bytes }).nullable().describe('Resident memory of the software.'),
	disk: z.object({ totalBytes: bytes, freeBytes: bytes }).nullable().describe('The disk that holds the store.'),
	network: z
		.array(z.object({ name: z.string(), up: z.boolean(), receivedBytes: bytes, sentBytes: bytes }))
		.nullable()
		.describe('Every interface but loopback.'),
	queue: z.object({
		pending: count.describe('Stored messages that the broker has not acknowledged.'),
		pendingBytes: bytes,
		oldestAgeMs: milliseconds.nullable(),
		inMemory: count.describe('Waiting for room in the store: gone with a power cut.'),
		setAside: count.describe('Messages the broker will never take; kept on the box.'),
	}),
	vision: z
		.object({
			signal: z.enum(signalStates),
			scene: z.enum(scenes),
			guidance: z.enum(guidances).describe('What the light said when this was made; an expired one is `dont-know`.'),
			frames: count.describe('Since the last message, as all counts here.'),
			images: count.describe('Fresh images judged.'),
			repeats: count,
			dropped: count,
			misses: count.describe('Frames that reached the light later than one frame time after their capture.'),
			longestMissRun: count.describe('Most of these in a row; 63 stands for 63 and more.'),
			latency: latencyFigures.nullable(),
			stages: stageFigures,
		})
		.nullable()
		.describe('Null while the vision thread does not run.'),
	inference: z
		.object({
			provider: z.string().describe('Execution provider of the network, such as `cpu`.'),
			refused: z.array(refusedProvider).describe('Providers that were to be used before it and are not.'),
		})
		.nullable()
		.optional()
		.describe('Null while the vision thread does not run. Older boxes do not say it.'),
	input: z
		.object({
			states: z
				.array(z.object({ signal: z.enum(signalStates), ms: milliseconds }))
				.describe('How long the signal was in each state since the last message; states it was not in are left out.'),
			changes: count.describe('Of signal or scene that stood, since the last message.'),
			losses: count.describe('Times the signal was lost in this start, however shortly.'),
			recent: z
				.array(
					z.object({
						at: instant,
						signal: z.enum(signalStates),
						scene: z.enum(scenes),
						cause: z.string().describe('One line; empty when there is nothing to say.'),
					}),
				)
				.max(recentChanges)
				.describe('The last changes of this start, the newest first; each is an event `input-changed` too.'),
		})
		.nullable()
		.describe('History of what came in; null when nobody looked.'),
	board: z
		.object({
			temperatures: z.array(z.object({ zone: z.string(), celsius: z.number() })),
			clocks: z.array(
				z.object({
					device: z.string().describe('`gpu`, `emc` (memory), or as the kernel names it.'),
					hertz: z.number(),
				}),
			),
			rails: z.array(z.object({ rail: z.string(), watts: z.number() })),
			gpuLoad: z.number().min(0).max(1).nullable(),
			powerMode: z.string().nullable().describe('Number of nvpmodel’s mode.'),
		})
		.nullable()
		.describe('What the board says of itself, as far as it does; meant for a Jetson.'),
	clock: z.object({
		synchronised: z.boolean().nullable().describe('Whether systemd-timesyncd says so; null where it does not run.'),
		jumpMs: z.number().describe('How far the wall clock jumped since the last message; 0 below the threshold.'),
		jumps: count.describe('Jumps in this start.'),
	}),
});

export type Health = z.infer<typeof healthSchema>;

export const healthExample: Health = {
	schema: 1,
	boot: 17,
	seq: 211,
	measuredAt: '2026-03-02T09:59:32.004Z',
	uptimeMs: 6_330_000,
	cpu: { load: 0.31, cores: 6 },
	memory: { totalBytes: 7_900_000_000, availableBytes: 5_100_000_000 },
	process: { rssBytes: 260_000_000 },
	disk: { totalBytes: 250_000_000_000, freeBytes: 201_000_000_000 },
	network: [{ name: 'eth0', up: true, receivedBytes: 81_220_113, sentBytes: 9_120_455 }],
	queue: { pending: 0, pendingBytes: 0, oldestAgeMs: null, inMemory: 0, setAside: 0 },
	vision: {
		signal: 'ok',
		scene: 'live',
		guidance: 'searching',
		frames: 1800,
		images: 890,
		repeats: 910,
		dropped: 0,
		misses: 2,
		longestMissRun: 1,
		latency: { frames: 1800, p50Ms: 9.1, p99Ms: 14.3, maxMs: 19.2, beyond: 0 },
		stages: {
			delivery: { frames: 1800, p50Ms: 5.8, p99Ms: 9.1, maxMs: 12.3, beyond: 0 },
			screen: { frames: 1800, p50Ms: 0.6, p99Ms: 1.9, maxMs: 4, beyond: 0 },
			network: { frames: 890, p50Ms: 2.5, p99Ms: 3.4, maxMs: 6.3, beyond: 0 },
			light: { frames: 1800, p50Ms: 0.05, p99Ms: 0.11, maxMs: 0.9, beyond: 0 },
		},
	},
	inference: { provider: 'tensorrt', refused: [] },
	input: {
		states: [
			{ signal: 'ok', ms: 27_400 },
			{ signal: 'no-cable', ms: 2_600 },
		],
		changes: 2,
		losses: 1,
		recent: [
			{ at: '2026-03-02T09:59:21.310Z', signal: 'ok', scene: 'live', cause: '' },
			{
				at: '2026-03-02T09:59:18.702Z',
				signal: 'no-cable',
				scene: 'no-roi',
				cause: '/dev/phlebox-hdmi: nothing is plugged in (ENOLINK)',
			},
		],
	},
	board: {
		temperatures: [{ zone: 'cpu-thermal', celsius: 51.2 }],
		clocks: [{ device: 'gpu', hertz: 306_000_000 }],
		rails: [{ rail: 'VDD_IN', watts: 5.21 }],
		gpuLoad: 0.12,
		powerMode: '0',
	},
	clock: { synchronised: true, jumpMs: 0, jumps: 0 },
};
