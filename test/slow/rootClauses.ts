import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { rotate } from '../../src/update/publisher/rotate.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { makeKey, release } from '../update/publishing.ts';
import { later, start, type World } from '../update/world.ts';
import { type Clause, expired, longAgo, onlineRoles, rejected } from './clause.ts';
import { type Body, forge, stranger } from './forge.ts';

function allKeys({ keys }: World) {
	return [...keys.root, ...keys.targets, keys.snapshot, keys.timestamp].map(({ signing }) => signing);
}

/** Another root, made by the publisher, that changes nothing but its version. */
function nextRoot(world: World, now = start): void {
	rotate(world.repository, { role: 'root', add: [], remove: [] }, now);
	signRepository(world.repository, allKeys(world), now);
}

/** The online keys are replaced, and what they sign is signed anew. */
function replaceOnlineKeys(world: World, now = start): void {
	const { repository, keys } = world;
	for (const role of onlineRoles) {
		const fresh = makeKey(role);
		rotate(repository, { role, add: [fresh.open], remove: [keys[role].signing.id] }, now);
		keys[role] = fresh;
	}
	signRepository(repository, allKeys(world), now);
}

/** 5.1 to 5.3: the time, and the root role. */
export const rootClauses: Clause[] = [
	{
		clause: '5.1',
		what: 'what expires while the update is under way was good when it began',
		set: (world) => {
			world.clock = new Date(later(90).getTime() - 1);
		},
	},
	{
		clause: '5.2',
		what: 'the first root may have expired long ago, if a later one follows',
		set: (world) => {
			rmSync(join(world.folder, 'metadata'), { recursive: true });
			nextRoot(world, later(1200));
			release(world.repository, world.keys, '1.2.0', later(1200));
			world.clock = later(1201);
		},
		see: async (t, world) => t.is((await world.update('1.2.0')).list.versions.root, 2),
	},
	{
		clause: '5.3.3',
		what: 'a next root without an end',
		set: (world) => world.replace(/2\.root\.json$/, () => Buffer.alloc(200_000, 32)),
		refused: rejected(/more than the 65536 bytes/),
	},
	{
		clause: '5.3.3',
		what: 'more next roots than are looked at in one go: the rest the next time',
		set: (world) => {
			for (let at = 0; at < 70; at++) nextRoot(world);
		},
		see: async (t, world) => {
			const { list } = await world.update('1.0.0');
			t.is(list.versions.root, 71);
		},
	},
	{
		clause: '5.3.4 (1)',
		what: 'a next root that the one before does not vouch for',
		set: (world) => void forge(world, { root: { by: [world.keys.root[2].signing, stranger()] } }),
		refused: rejected(/root was signed by 1\/2 keys/),
	},
	{
		clause: '5.3.4 (2)',
		what: 'a next root that too few of its own keys have signed',
		set: (world) => {
			const [one, two] = [makeKey(), makeKey()];
			forge(world, {
				root: {
					change: (body) => {
						for (const { open, signing } of [one, two]) body.keys[signing.id] = open;
						body.roles.root.keyids = [one.signing.id, two.signing.id];
					},
					by: [world.keys.root[0].signing, world.keys.root[1].signing, one.signing],
				},
			});
		},
		refused: rejected(/root was signed by 1\/2 keys/),
	},
	...[1, 3].map(
		(version): Clause => ({
			clause: '5.3.5',
			what: `a root of version ${version} where 2 comes next`,
			set: (world) => {
				forge(world, {
					root: {
						change: (body) => {
							body.version = version;
						},
					},
				});
			},
			refused: rejected(new RegExp(`Expected version 2, got ${version}`)),
		}),
	),
	{
		clause: '5.3.6',
		what: 'a root between may have expired',
		set: (world) => {
			nextRoot(world, later(-1200));
			nextRoot(world);
		},
		see: async (t, world) => t.is((await world.update('1.0.0')).list.versions.root, 3),
	},
	{
		clause: '5.3.7, 5.3.8',
		what: 'a root that was taken is kept: keys that it took away count no more, whatever is shown later',
		set: async (world) => {
			const before = world.copy();
			replaceOnlineKeys(world);
			await world.update('1.1.0');
			world.impersonate(before);
		},
		refused: rejected(/timestamp was signed by 0\/1 keys/),
	},
	{
		clause: '5.3.9',
		what: 'roots are climbed one by one to the last',
		set: (world) => {
			for (let at = 0; at < 4; at++) nextRoot(world);
		},
		see: async (t, world) => t.is((await world.update('1.1.0')).list.versions.root, 5),
	},
	{
		clause: '5.3.10',
		what: 'the last root has expired',
		set: (world) => void forge(world, { root: { change: longAgo } }),
		refused: expired(/root/),
		// It was signed by who may: the publisher's next one comes after it.
		undo: (world) => {
			nextRoot(world, later(-1200));
			nextRoot(world);
		},
	},
	{
		clause: '5.3.11',
		what: 'a thief counted far ahead with the online keys; with new keys the count begins below, and is taken',
		set: async (world) => {
			const high = (body: Body) => {
				body.version = 1_000_000;
			};
			forge(world, { snapshot: { change: high }, timestamp: { change: high } });
			const { list } = await world.update('1.1.0');
			if (list.versions.timestamp !== 1_000_000) throw new Error('the thief was not believed');
			world.mend();
			replaceOnlineKeys(world);
		},
		see: async (t, world) => t.true((await world.update('1.1.0')).list.versions.timestamp < 100),
	},
	{
		clause: '5.3.12',
		what: 'files are asked for by names that carry their version or hash',
		set: () => undefined,
		see: async (t, world) => {
			const asked: string[] = [];
			rmSync(join(world.folder, 'metadata'), { recursive: true });
			rmSync(join(world.folder, 'store'), { recursive: true });
			world.server.misbehave = (path) => {
				asked.push(path);
				return false;
			};
			await world.update('1.1.0');
			const [metadata, targets] = [/^metadata\//, /^targets\//].map((match) =>
				asked.filter((path) => match.test(path)),
			);
			t.deepEqual(
				metadata,
				['2.root', 'timestamp', '3.snapshot', '3.targets'].map((name) => `metadata/${name}.json`),
			);
			t.true(targets!.length > 0 && targets!.every((path) => /\/[0-9a-f]{64}\.[^/]+$/.test(path)), targets!.join(' '));
		},
	},
];
