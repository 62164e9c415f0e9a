import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { passGateApart } from '../../src/update/drive/gateChild.ts';
import { passGate } from '../../src/update/install/gate.ts';
import { publishModel } from '../../src/update/publisher/publish.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { changeManifest, makeTinyPackage, temporaryFolder } from '../inference/tinyPackage.ts';
import { releasers } from '../update/publishing.ts';
import { later, start, World } from '../update/world.ts';
import { DrivenBox } from './drivenBox.ts';

const limits = { latencyMs: 60_000, images: 3, leakImages: 0, leakMiB: 24, sites: null };

interface Row {
	what: string;
	/** Makes the update of 1.1.0 go wrong. */
	set(world: World, box: DrivenBox): void | Promise<void>;
	undo?(world: World, box: DrivenBox): void;
	/** How it is seen: the outcome, or the trouble while it is still wanted. */
	ends: 'rejected' | 'rolled-back' | 'waits';
	words: RegExp;
	/** Never again on this box. */
	forGood?: boolean;
	/** Another package under 1.1.0. */
	package?(): string;
}

const later10 = () => later(3650);
const died = (program: string) => {
	const file = join(temporaryFolder(), 'gate.mjs');
	writeFileSync(file, program);
	return (folder: string) =>
		passGateApart({ folder, limits, options: {} }, { memoryMiB: 4096, deadlineMs: 5000 }, file);
};

/** Each begins with a box that runs 1.0.0, and ends with 1.2.0 installed. */
const rows: Row[] = [
	{
		what: 'a model that crashes the process in its gate',
		set: (_, box) => {
			box.parts = { gate: died("process.once('message', () => process.kill(process.pid, 'SIGSEGV'));") };
		},
		ends: 'rejected',
		words: /the process that tried it ended with SIGSEGV/,
		forGood: true,
	},
	{
		what: 'a model that hangs in its gate',
		set: (_, box) => {
			box.parts = { gate: died("process.once('message', () => { for (;;); });") };
		},
		ends: 'rejected',
		words: /did not come to an end in 5000 ms/,
		forGood: true,
	},
	{
		what: 'a model that takes all memory it can get',
		set: (_, box) => {
			box.parts = {
				gate: (folder) => passGateApart({ folder, limits, options: {} }, { memoryMiB: 16, deadlineMs: 120_000 }),
			};
		},
		ends: 'rejected',
		words: /MiB were needed to run it; 16 are allowed/,
		forGood: true,
	},
	{
		what: 'a model that is slow on this device',
		set: (_, box) => {
			let clock = 0;
			const slow = () => {
				clock += 250;
				return clock;
			};
			box.parts = { gate: async (folder) => passGate(folder, { ...limits, latencyMs: 100 }, {}, { clockMs: slow }) };
		},
		ends: 'rejected',
		words: /takes 250\.0 ms an image here; at most 100 ms/,
	},
	{
		what: 'a model that leaks',
		set: (_, box) => {
			let taken = 100;
			const growing = () => {
				taken += 30;
				return taken;
			};
			const looked = { ...limits, leakImages: 4 };
			box.parts = { gate: async (folder) => passGate(folder, looked, {}, { memoryMiB: growing }) };
		},
		ends: 'rejected',
		words: /leaks: 30 MiB more in 2 images; 24 are allowed/,
		forGood: true,
	},
	{
		what: 'a model that is slower here than its own manifest allows',
		set: () => undefined,
		package: () => {
			const folder = makeTinyPackage();
			changeManifest(folder, (manifest) => {
				manifest.version = '1.1.0';
				manifest.limits = { latencyMs: 1e-6 };
			});
			return folder;
		},
		ends: 'rejected',
		words: /at most 0\.000001 ms are allowed by its own manifest/,
	},
	{
		what: 'a model that needs more memory here than its own manifest allows',
		set: (_, box) => {
			box.parts = {
				gate: (folder) => passGateApart({ folder, limits, options: {} }, { memoryMiB: 4096, deadlineMs: 120_000 }),
			};
		},
		package: () => {
			const folder = makeTinyPackage();
			changeManifest(folder, (manifest) => {
				manifest.version = '1.1.0';
				manifest.limits = { memoryMiB: 16 };
			});
			return folder;
		},
		ends: 'rejected',
		words: /MiB were needed to run it; 16 are allowed by its own manifest/,
		forGood: true,
	},
	{
		what: 'a model with other labels',
		set: () => undefined,
		package() {
			const folder = makeTinyPackage();
			changeManifest(folder, (manifest) => {
				manifest.version = '1.1.0';
				manifest.outputs.landmark.labels = ['pop', 'fv', 'none'];
				manifest.protocol = ['pop', 'fv'];
			});
			return folder;
		},
		ends: 'rejected',
		words: /examines other sites; it can be taken at the next start only/,
	},
	{
		what: 'a model that breaks at a live image, or answers NaN',
		set: (_, box) => {
			box.onSwap = () => box.updater.failed('model tiny 1.1.0 gave a value that is no number');
		},
		undo: (_, box) => {
			box.onSwap = () => undefined;
		},
		ends: 'rolled-back',
		words: /gave a value that is no number/,
		forGood: true,
	},
	{
		what: 'a model under which the vision thread stands still',
		set: (_, box) => {
			box.onSwap = () => box.updater.failed('the vision thread shows no sign of life for 2000 ms; it is restarted');
		},
		undo: (_, box) => {
			box.onSwap = () => undefined;
		},
		ends: 'rolled-back',
		words: /no sign of life/,
		forGood: true,
	},
	{
		what: 'a clock that is ten years ahead',
		set: (_, box) => {
			box.clock = later10();
		},
		undo: (_, box) => {
			box.clock = start;
		},
		ends: 'waits',
		words: /is expired; or is the clock wrong/,
	},
	{
		what: 'a server that answers 500',
		set: (world) => {
			world.server.misbehave = (_, response) => {
				response.writeHead(500).end();
				return true;
			};
		},
		ends: 'waits',
		words: /the server answers 500/,
	},
	{
		what: 'a root of trust that is gone',
		set: (_, box) => {
			box.options = { ...box.options, trust: '/nowhere/1.root.json' };
		},
		undo: (world, box) => {
			box.options = { ...box.options, trust: join(world.repository.folder, 'metadata/1.root.json') };
		},
		ends: 'waits',
		words: /update\.trust: \/nowhere\/1\.root\.json cannot be read/,
	},
];

for (const row of rows)
	test.serial(`${row.what}: what ran runs on, it is said why, and the next good one installs`, async (t) => {
		const world = await World.make(t);
		const box = new DrivenBox(t, world, { model: 'tiny 1.0.0' }).start();
		await box.ended('committed');
		await box.until(() => box.vision.log.length === 2);
		await box.updater.stop();
		publishModel(world.repository, row.package?.() ?? changed('1.1.0'), start);
		signRepository(world.repository, releasers(world.keys), start);
		await row.set(world, box);
		box.options = { ...box.options, model: 'tiny 1.1.0' };
		box.start();
		if (row.ends === 'waits') await box.until(() => box.trouble !== null);
		else await box.ended(row.ends);
		t.regex(row.ends === 'waits' ? box.trouble! : box.reason, row.words);
		t.regex(box.trouble!, row.words, 'the alert says it too');
		t.true(
			box.events.some(({ reason }) => row.words.test(String(reason))),
			'and the audit trail',
		);
		await box.until(() => box.vision.running === '1.0.0');
		t.is(box.journal.current?.version, '1.0.0');
		t.is(box.journal.quarantined.length, row.forGood ? 1 : 0);
		await box.updater.stop();

		world.mend();
		row.undo?.(world, box);
		box.parts = {};
		world.publish('1.2.0');
		box.options = { ...box.options, model: 'tiny 1.2.0' };
		box.start();
		await box.until(() => box.journal.current?.version === '1.2.0');
		await box.until(() => box.trouble === null);
		t.is(box.vision.running, '1.2.0');
	});

function changed(version: string): string {
	const folder = makeTinyPackage();
	changeManifest(folder, (manifest) => {
		manifest.version = version;
	});
	return folder;
}

test.serial('a clock that stands at 1970 takes nothing that expired before the last signed word', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world, { model: 'tiny 1.0.0' }).start();
	await box.ended('committed');
	await box.updater.stop();
	// What was signed last says when: that was 1,200 days later, and the root had expired by then.
	world.publish('1.1.0', later(1200));
	box.clock = new Date(0);
	box.options = { ...box.options, model: 'tiny 1.1.0' };
	box.start();
	await box.until(() => box.trouble !== null);
	t.regex(box.trouble!, /root expired on/);
	t.is(box.vision.running, '1.0.0');
});
