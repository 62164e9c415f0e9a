import { setTimeout as sleep } from 'node:timers/promises';
import type { Mosquitto } from '../mosquitto.ts';
import { isPuback } from './packets.ts';
import type { World, WorldOptions } from './world.ts';

/** A fault of broker, line, clock or store, and how it is made. */
export interface FaultRow {
	name: string;
	world?: WorldOptions;
	/** While 40 messages are on their way and 40 more come; ends with the fault over. */
	inject: (world: World) => Promise<void>;
	/** The broker dies with what it had acknowledged and not passed on: that is not the box's to save. */
	brokerMayLose?: boolean;
}

/** Until a publish of the box waits on the line, or its acknowledgement does. */
async function held(world: World, way: 'up' | 'down'): Promise<void> {
	await quiet(world);
	world.proxy.hold(way);
	world.append(10);
	await world.until(`something held ${way}`, () => world.proxy.heldBytes(way) >= 4);
}

async function quiet(world: World): Promise<void> {
	await world.settled();
	await world.until('sent', () => world.link.state.phase === 'online' && world.outbox.pending() === 0);
}

/** The stages of a publish at which something can happen to the broker. */
const stages: { stage: string; reach: (world: World) => Promise<void> }[] = [
	{ stage: 'with nothing under way', reach: quiet },
	{ stage: 'with publishes on the line', reach: (world) => held(world, 'up') },
	{ stage: 'with acknowledgements on the line', reach: (world) => held(world, 'down') },
	{
		stage: 'in the middle of the sending',
		reach: async (world) => {
			const before = world.acknowledged.size;
			world.append(100);
			await world.until('some acknowledged', () => world.acknowledged.size > before + 20);
		},
	},
];

async function reborn(world: World): Promise<void> {
	await world.until('noticed', () => world.link.state.phase !== 'online');
	world.proxy.letGo();
	world.append(40);
	await world.settled();
	await world.broker.start();
}

const ends: { how: string; end: (broker: Mosquitto) => Promise<void>; brokerMayLose: boolean }[] = [
	{ how: 'SIGKILL', end: (broker) => broker.kill(), brokerMayLose: true },
	{ how: 'SIGTERM', end: (broker) => broker.stop(), brokerMayLose: false },
];

const brokerRows: FaultRow[] = [5 as const, 4 as const].flatMap((protocolVersion) =>
	stages.flatMap(({ stage, reach }) => [
		...ends.map(({ how, end, brokerMayLose }) => ({
			name: `broker ${how} ${stage}, MQTT ${protocolVersion}`,
			world: { protocolVersion },
			brokerMayLose,
			async inject(world: World) {
				await reach(world);
				await end(world.broker);
				await reborn(world);
			},
		})),
		{
			name: `broker SIGSTOP ${stage}, then it goes on, MQTT ${protocolVersion}`,
			world: { protocolVersion },
			async inject(world: World) {
				await reach(world);
				world.broker.freeze();
				world.append(40);
				world.proxy.letGo();
				await world.until('noticed', () => world.link.state.phase !== 'online');
				world.broker.thaw();
			},
		},
	]),
);

const cutRows: FaultRow[] = [1, 3, 17, 250, 2000].flatMap((bytes) =>
	(['up', 'down'] as const).map((way) => ({
		name: `the line is cut ${bytes} bytes further ${way}, ten times`,
		async inject(world: World) {
			for (let cut = 0; cut < 10; cut += 1) {
				await world.until('online', () => world.link.state.phase === 'online');
				world.append(way === 'up' || bytes < 100 ? 8 : 40);
				world.proxy.cutAfter(way, bytes);
				const before = world.proxy.connections;
				await world.until('a new connection', () => world.proxy.connections > before || world.outbox.pending() === 0);
			}
		},
	})),
);

const swallowRows: FaultRow[] = [['up'], ['down'], ['up', 'down']].map((ways) => ({
	name: `half-open line: nothing comes through ${ways.join(' and ')}`,
	async inject(world: World) {
		for (const way of ways) world.proxy.swallow[way as 'up' | 'down'] = true;
		world.append(40);
		await world.until('noticed', () => world.link.state.phase !== 'online');
		for (const way of ways) world.proxy.swallow[way as 'up' | 'down'] = false;
		world.proxy.reset();
	},
}));

const slowRows: FaultRow[] = [
	{ name: 'a slow line up', way: 'up' as const, bytes: 500, pauseMs: 10 },
	{ name: 'a slow line down', way: 'down' as const, bytes: 4, pauseMs: 5 },
	{ name: 'a line that gives one byte at a time', way: 'down' as const, bytes: 1, pauseMs: 0 },
].map(({ name, way, ...pieces }) => ({
	name,
	async inject(world: World) {
		world.proxy.pieces[way] = pieces;
		world.append(40);
		await world.until('sent', () => world.outbox.pending() === 0);
		world.proxy.pieces[way] = { bytes: 0, pauseMs: 0 };
	},
}));

/** Acknowledgements changed on their way; a store full of messages, so that several come at once. */
const rewriteRows: FaultRow[] = (
	[
		[
			'acknowledgements come twice',
			() => (packets) => packets.flatMap((packet) => (isPuback(packet) ? [packet, packet] : [packet])),
		],
		['acknowledgements come in reverse, four at a time', () => reversed(4)],
		[
			'acknowledgements of messages that were never sent come along',
			() => (packets) => packets.flatMap((p) => (isPuback(p) ? [Buffer.from([0x40, 2, 0xff, 0xee]), p] : [p])),
		],
		[
			'every third acknowledgement is lost',
			() => {
				let count = 0;
				return (packets) => packets.filter((packet) => !isPuback(packet) || ++count % 3 !== 0);
			},
		],
	] as [string, () => (packets: Buffer[]) => Buffer[]][]
).map(([name, rewriter]) => ({
	name,
	async inject(world: World) {
		await quiet(world);
		world.proxy.refuse = true;
		world.proxy.reset();
		world.append(60);
		await world.settled();
		world.proxy.rewrite = rewriter();
		world.proxy.refuse = false;
		const before = world.acknowledged.size;
		await world.until('some acknowledged', () => world.acknowledged.size > before + 8);
		await sleep(200);
		world.proxy.rewrite = null;
	},
}));

function reversed(atOnce: number): (packets: Buffer[]) => Buffer[] {
	let kept: Buffer[] = [];
	return (packets) => {
		kept.push(...packets.filter(isPuback).map((packet) => Buffer.from(packet)));
		const others = packets.filter((packet) => !isPuback(packet));
		if (kept.length < atOnce) return others;
		const out = kept.reverse();
		kept = [];
		return [...others, ...out];
	};
}

const clockRows: FaultRow[] = [3_600_000, -3_600_000, 86_400_000 * 400, -86_400_000 * 400].map((byMs) => ({
	name: `the wall clock is set ${byMs > 0 ? 'forward' : 'back'} by ${Math.abs(byMs) / 3_600_000} h`,
	async inject(world: World) {
		const { now } = Date;
		Date.now = () => now() + byMs;
		try {
			world.append(40);
			world.proxy.reset();
			await world.settled();
			await world.until('sent', () => world.outbox.pending() === 0);
		} finally {
			Date.now = now;
		}
	},
}));

const boxRows: FaultRow[] = [
	{
		name: 'the box starts long before the broker',
		world: { brokerFirst: false },
		async inject(world) {
			world.append(40);
			await world.until('tried', () => world.link.state.phase === 'offline');
			await world.startBroker();
		},
	},
	{
		name: 'the box restarts with messages on the line',
		async inject(world) {
			await held(world, 'up');
			await world.stopBox();
			world.proxy.letGo();
			await world.startBox();
			world.append(40);
		},
	},
	{
		name: 'the box dies after acknowledgements and before its store knows of them',
		async inject(world) {
			world.forgetAcknowledgements = true;
			const before = world.acknowledged.size;
			world.append(40);
			await world.settled();
			await world.until('acknowledged', () => world.acknowledged.size > before);
			await world.stopBox();
			world.forgetAcknowledgements = false;
			await world.startBox();
		},
	},
	{
		name: 'the disk is full for a while',
		async inject(world) {
			world.store.reserveBytes = 2 ** 60;
			world.append(40);
			await world.until('they wait in memory', () => world.outbox.waiting() >= 40);
			world.store.reserveBytes = 0;
			await world.settled();
		},
	},
	{
		name: 'connections are refused for a while',
		async inject(world) {
			world.proxy.refuse = true;
			world.proxy.reset();
			world.append(40);
			await world.until('noticed', () => world.link.state.phase === 'offline');
			await sleep(200);
			world.proxy.refuse = false;
		},
	},
	{
		name: 'the broker takes one message at a time, on a line that breaks',
		world: { settings: ['max_inflight_messages 1'] },
		async inject(world) {
			for (let cut = 0; cut < 5; cut += 1) {
				world.append(10);
				await sleep(20);
				world.proxy.reset();
			}
		},
	},
];

export const faultTable: readonly FaultRow[] = [
	...brokerRows,
	...cutRows,
	...swallowRows,
	...slowRows,
	...rewriteRows,
	...clockRows,
	...boxRows,
];
