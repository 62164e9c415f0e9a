import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { rotate } from '../../src/update/publisher/rotate.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { draft, textOf } from '../../src/update/tuf/metadata.ts';
import { forgedTargets, only } from '../update/forging.ts';
import { makeKey, release } from '../update/publishing.ts';
import { later, start, World } from '../update/world.ts';

interface Row {
	what: string;
	/** Sets the attack or fault up; may ask for the update itself. */
	set(world: World): void | Promise<void>;
	code: ErrorCode;
	words: RegExp;
	/** Undoes what the row did to the world beside the server's behaviour. */
	undo?(world: World): void;
}

/** Waits that a test can sit out. */
const quick = (world: World, silenceMs: number) => {
	world.limits.silenceMs = silenceMs;
	world.download = { ...world.download, attempts: 1, allowanceMs: 300, leastBytesPerSecond: 1e6 };
};
/** The golden images and the network are those of 1.0.0, which the box has. */
const model = /^targets\/.*1\.1\.0.*manifest\.json$/;

/** Each begins with a box that has 1.0.0, and 1.1.0 published. Clauses are those of the TUF specification 1.0.30; clauses.test.ts goes through them all. */
const rows: Row[] = [
	{
		what: 'arbitrary software: a model’s file is another (5.7.3)',
		set: (world) => world.replace(model, () => Buffer.alloc(world.file(only(world, model)).length, 7)),
		code: 'update-rejected',
		words: /sha256.*thrown away/,
	},
	{
		what: 'endless data: metadata without an end (5.4.1)',
		set: (world) => world.replace(/timestamp\.json$/, () => Buffer.alloc(200_000, 32)),
		code: 'update-rejected',
		words: /more than the 16384 bytes/,
	},
	{
		what: 'endless data: a model’s file is longer than signed (5.7.3)',
		set: (world) => world.replace(model, (path) => Buffer.concat([world.file(path), Buffer.alloc(1)])),
		code: 'update-rejected',
		words: /more of .*manifest\.json than/,
	},
	{
		what: 'rollback: the timestamp of before (5.4.3)',
		set: async (world) => {
			const old = world.file('metadata/timestamp.json');
			world.publish('1.2.0');
			await world.update('1.0.0');
			world.replace(/timestamp\.json$/, () => old);
		},
		code: 'update-rejected',
		words: /version/i,
	},
	{
		what: 'rollback: a newer timestamp that names a snapshot of before (5.4.3.2)',
		set: async (world) => {
			const repository = world.copy();
			await world.update('1.0.0');
			for (const name of readdirSync(join(repository.folder, 'metadata')))
				if (/^3\.(snapshot|targets)/.test(name)) rmSync(join(repository.folder, 'metadata', name));
			signRepository(repository, [world.keys.timestamp.signing], start, new Set(['timestamp']));
			world.impersonate(repository);
		},
		code: 'update-rejected',
		words: /version/i,
	},
	{
		what: 'rollback: a newer snapshot that names a list of before (5.5.5)',
		set: async (world) => {
			const repository = world.copy();
			await world.update('1.0.0');
			rmSync(join(repository.folder, 'metadata/3.targets.json'));
			signRepository(repository, [world.keys.snapshot.signing, world.keys.timestamp.signing], start);
			world.impersonate(repository);
		},
		code: 'update-rejected',
		words: /less than current version/,
		// The thief's timestamp was a good one.
		undo: (world) => world.versionsAbove(6),
	},
	{
		what: 'freeze: a timestamp that has expired (5.4.4)',
		set: (world) => {
			world.clock = later(91);
		},
		code: 'update-expired',
		words: /timestamp.*expired/,
	},
	{
		what: 'freeze: expired by a file that was signed later, whatever the clock says',
		set: async (world) => {
			// One role is renewed after another has expired: that moment has been.
			signRepository(world.repository, [world.keys.timestamp.signing], later(400), new Set(['timestamp']));
			world.clock = new Date(0);
		},
		code: 'update-expired',
		words: /snapshot expired on 2027-05-04.*it is 2027-06/,
		undo: (world) => {
			world.clock = later(400);
			const { snapshot, timestamp } = world.keys;
			const both = [snapshot.signing, timestamp.signing];
			signRepository(world.repository, both, later(400), new Set(['snapshot']));
		},
	},
	{
		what: 'mix and match: an older list under the new one’s name (5.6.2)',
		set: (world) => world.replace(/3\.targets\.json$/, () => world.file('metadata/2.targets.json')),
		code: 'update-rejected',
		words: /targets/,
	},
	{
		what: 'mix and match: an older snapshot under the new one’s name (5.5.2)',
		set: (world) => world.replace(/3\.snapshot\.json$/, () => world.file('metadata/2.snapshot.json')),
		code: 'update-rejected',
		words: /snapshot/,
	},
	{
		what: 'wrong software: a signed manifest under another version’s name',
		set: (world) => {
			const targets = JSON.parse(world.file('metadata/3.targets.json').toString()).signed.targets;
			for (const path of Object.keys(targets)) targets[path.replace('1.1.0', '6.6.6')] = targets[path];
			forgedTargets(world, [0, 1], targets);
			world.replaceAlso(/6\.6\.6/, (path) => world.file(path.replace('6.6.6', '1.1.0')));
			world.wanted = '6.6.6';
		},
		code: 'update-rejected',
		words: /listed as tiny 6\.6\.6 is tiny 1\.1\.0/,
		undo: (world) => {
			// Two people did sign: the next list has to be above theirs.
			world.versionsAbove(9);
		},
	},
	{
		what: 'wrong software: authentic, and not what was wanted',
		set: (world) => {
			world.intent = { sha256: 'a'.repeat(64) };
		},
		code: 'update-rejected',
		words: /wanted is aaaa/,
	},
	{
		what: 'a model that is not on the list',
		set: (world) => {
			world.wanted = '7.0.0';
		},
		code: 'update-rejected',
		words: /tiny 7\.0\.0 is not on the list.*retired/,
	},
	{
		what: 'key compromise below threshold: one targets key and all online keys (5.6.3)',
		set: (world) => forgedTargets(world, [1]),
		code: 'update-rejected',
		words: /targets was signed by 1\/2 keys/,
		undo: (world) => world.versionsAbove(9),
	},
	{
		what: 'key compromise below threshold: one root key makes a root of its own (5.3.4)',
		set: (world) => forgedRoot(world, [0]),
		code: 'update-rejected',
		words: /root was signed by 1\/2 keys/,
	},
	{
		what: 'a root that skips a version (5.3.5)',
		set: (world) => forgedRoot(world, [0, 1], 7),
		code: 'update-rejected',
		words: /version/i,
	},
	{
		what: 'extraneous keys: one key under two names, signed by two of root',
		set: (world) => forgedRoot(world, [0, 1], 2, true),
		code: 'update-rejected',
		words: /not that of its key/,
	},
	{
		what: 'slow retrieval: a file that trickles',
		set: (world) => {
			quick(world, 600_000);
			world.server.misbehave = (path, response) => {
				if (!model.test(path)) return false;
				response.writeHead(200);
				const timer = setInterval(() => response.write('x'), 20);
				response.once('close', () => clearInterval(timer));
				return true;
			};
		},
		code: 'update-unreachable',
		words: /bytes came/,
	},
	{
		what: 'a server that hangs before it answers',
		set: (world) => {
			quick(world, 100);
			world.server.misbehave = () => true;
		},
		code: 'update-unreachable',
		words: /nothing came for 100 ms/,
	},
	{
		what: 'a server that hangs amid a file',
		set: (world) => {
			quick(world, 600_000);
			world.server.misbehave = (path, response) => {
				if (!model.test(path)) return false;
				// From here on the client’s patience is short.
				world.limits.silenceMs = 100;
				response.writeHead(200).write('x');
				return true;
			};
		},
		code: 'update-unreachable',
		words: /nothing came for 100 ms/,
	},
	...[301, 302, 307].map(
		(status): Row => ({
			what: `a redirect (${status})`,
			set: (world) => {
				world.server.misbehave = (path, response) => {
					response.writeHead(status, { location: `/${path}` }).end();
					return true;
				};
			},
			code: 'update-unreachable',
			words: new RegExp(`answers ${status}`),
		}),
	),
	...[500, 503].map(
		(status): Row => ({
			what: `a server that answers ${status}`,
			set: (world) => {
				world.server.misbehave = (_path, response) => {
					response.writeHead(status).end();
					return true;
				};
			},
			code: 'update-unreachable',
			words: new RegExp(`answers ${status}`),
		}),
	),
	{
		what: 'a model’s file that is not there',
		set: (world) => {
			world.server.misbehave = (path, response) => {
				if (!model.test(path)) return false;
				response.writeHead(404).end();
				return true;
			};
		},
		code: 'update-rejected',
		words: /has no targets\/tiny\/1\.1\.0/,
	},
	{
		what: 'no repository there at all',
		set: (world) => {
			world.server.misbehave = (_path, response) => {
				response.writeHead(404).end();
				return true;
			};
		},
		code: 'update-rejected',
		words: /has no metadata\/timestamp\.json|Failed|404/,
	},
	{
		what: 'a truncated body',
		set: (world) => world.replace(/3\.targets\.json$/, (path) => world.file(path).subarray(0, -30)),
		code: 'update-rejected',
		words: /targets/,
	},
	{
		what: 'a page of a hotel’s network instead of metadata',
		set: (world) => world.replace(/./, () => Buffer.from('<html>Please log in</html>')),
		code: 'update-rejected',
		words: /JSON|token/i,
	},
	{
		what: 'no room by the store’s quota',
		set: (world) => {
			world.storeLimits = { maxBytes: 10_000, reserveBytes: 0 };
		},
		code: 'store-full',
		words: /of 10000 allowed; nothing was fetched/,
	},
	{
		what: 'no room on the disk',
		set: (world) => {
			world.free = 1000;
		},
		code: 'store-full',
		words: /1000 bytes are free.*nothing was fetched/,
	},
	{
		what: 'a clock a year ahead',
		set: (world) => {
			world.clock = later(365 * 4);
		},
		code: 'update-expired',
		words: /expired/,
	},
	{
		what: 'a stick that was pulled out',
		set: (world) => {
			world.location = world.copy().folder;
			rmSync(world.location, { recursive: true });
		},
		code: 'update-unreachable',
		words: /is the stick plugged in/,
	},
	{
		what: 'a stick on which a file is cut short',
		set: (world) => {
			const { folder } = world.copy();
			world.location = folder;
			world.download = { ...world.download, attempts: 2 };
			truncateSync(join(folder, only(world, model)), 100);
		},
		code: 'update-unreachable',
		words: /100 of \d+ bytes came/,
	},
];

function forgedRoot(world: World, signers: number[], version = 2, alias = false): void {
	const repository = world.copy();
	const stolen = makeKey();
	rotate(repository, { role: 'root', add: [stolen.open], remove: [] }, start);
	const body = JSON.parse(textOf(repository.pending('root')!)).signed;
	if (alias) {
		body.keys['f'.repeat(64)] = stolen.open;
		body.roles.root.keyids.push('f'.repeat(64));
	}
	body.version = version;
	// Signed as it is: the makers of this software would not make such a root.
	const root = draft('targets', 1, { targets: {} }, start, 900);
	Object.defineProperty(root.signed, 'toJSON', { value: () => body });
	for (const at of signers) root.sign((data) => world.keys.root[at]!.signing.sign(data));
	root.sign((data) => stolen.signing.sign(data));
	writeFileSync(join(repository.folder, 'metadata/2.root.json'), textOf(root));
	world.impersonate(repository);
}

for (const { what, set, code, words, undo } of rows)
	test.serial(`${what}: refused; what is there stays, and the next good update comes in`, async (t) => {
		const world = await World.make(t);
		world.publish('1.1.0');
		const before = readdirSync(join(world.folder, 'store/packages'));
		await set(world);
		await t.throwsAsync(() => world.update(world.wanted, world.intent), { code, message: words });
		t.deepEqual(readdirSync(join(world.folder, 'store/packages')), before);

		world.mend();
		undo?.(world);
		const now = world.clock > start ? world.clock : start;
		release(world.repository, world.keys, '1.3.0', now);
		const { folder } = await world.update('1.3.0');
		const { manifest, model } = loadModelPackage(folder, createFrameMemory(0));
		model.close();
		t.is(manifest.version, '1.3.0');
	});
