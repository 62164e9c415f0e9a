import { makeKey } from '../update/publishing.ts';
import { type Clause, expired, longAgo, rejected } from './clause.ts';
import { alsoAs, forge, stranger } from './forge.ts';

/** 5.5 to 5.7: snapshot, list, and the files of a model. */
export const listClauses: Clause[] = [
	{
		clause: '5.5.1',
		what: 'a snapshot longer than the timestamp says',
		set: (world) => world.replace(/snapshot\.json$/, (path) => Buffer.concat([world.file(path), Buffer.alloc(1, 32)])),
		refused: rejected(/more than the \d+ bytes|length/i),
	},
	{
		clause: '5.5.2',
		what: 'a snapshot with another hash',
		set: (world) => {
			world.replace(/snapshot\.json$/, (path) => {
				const text = world.file(path).toString();
				return Buffer.from(text.replace('"sig": "', '"sgi": "'));
			});
		},
		refused: rejected(/hash|sha256/i),
	},
	{
		clause: '5.5.3',
		what: 'a snapshot that a stranger signed',
		set: (world) => void forge(world, { snapshot: { by: [stranger()] } }),
		refused: rejected(/snapshot was signed by 0\/1 keys/),
	},
	{
		clause: '5.5.4',
		what: 'a snapshot of another version than the timestamp says',
		set: (world) => {
			const repository = forge(world, {
				snapshot: {},
				timestamp: {
					change: (body) => {
						body.meta['snapshot.json'].version = 5;
					},
				},
			});
			alsoAs(repository, '4.snapshot.json', '5.snapshot.json');
		},
		refused: rejected(/version doesn't match/i),
	},
	{
		clause: '5.5.5',
		what: 'a newer snapshot that names a list of before',
		set: async (world) => {
			await world.update('1.1.0');
			forge(world, {
				snapshot: {
					change: (body) => {
						body.meta['targets.json'].version = 2;
					},
				},
			});
		},
		refused: rejected(/version 2 of targets\.json is less than current version 3/),
	},
	{
		clause: '5.5.5',
		what: 'a newer snapshot that names no list any more',
		set: async (world) => {
			await world.update('1.1.0');
			forge(world, {
				snapshot: {
					change: (body) => {
						body.meta = {};
					},
				},
			});
		},
		refused: rejected(/Missing file targets\.json/),
	},
	{
		clause: '5.5.6',
		what: 'a snapshot that has expired',
		set: (world) => void forge(world, { snapshot: { change: longAgo } }),
		refused: expired(/snapshot/),
	},
	{
		clause: '5.5.7',
		what: 'a snapshot that was taken is kept, also when the list it names never came',
		set: async (world) => {
			world.publish('1.2.0');
			world.server.misbehave = (path, response) => {
				if (!/4\.targets/.test(path)) return false;
				response.writeHead(404).end();
				return true;
			};
			await world.update('1.1.0').catch(() => undefined);
			world.mend();
			forge(world, {
				snapshot: {
					change: (body) => {
						body.meta['targets.json'].version = 3;
					},
				},
			});
		},
		refused: rejected(/version 3 of targets\.json is less than current version 4/),
	},
	{
		clause: '5.6.1',
		what: 'a list longer than the snapshot says',
		set: (world) => world.replace(/targets\.json$/, (path) => Buffer.concat([world.file(path), Buffer.alloc(1, 32)])),
		refused: rejected(/more than the \d+ bytes|length/i),
	},
	{
		clause: '5.6.2',
		what: 'an older list under the new one’s name',
		set: (world) => world.replace(/3\.targets\.json$/, () => world.file('metadata/2.targets.json')),
		refused: rejected(/targets|length|hash/i),
	},
	{
		clause: '5.6.3',
		what: 'a list that one of two signed',
		set: (world) => void forge(world, { targets: { by: [world.keys.targets[0].signing, stranger()] } }),
		refused: rejected(/targets was signed by 1\/2 keys/),
	},
	{
		clause: '5.6.4',
		what: 'a list of another version than the snapshot says',
		set: (world) => {
			const repository = forge(world, {
				targets: {},
				snapshot: {
					change: (body) => {
						body.meta['targets.json'].version = 5;
					},
				},
			});
			alsoAs(repository, '4.targets.json', '5.targets.json');
		},
		refused: rejected(/Version 4 of targets does not match snapshot version 5/),
		undo: (world) => world.versionsAbove(6),
	},
	{
		clause: '5.6.5',
		what: 'a list that has expired',
		set: (world) => void forge(world, { targets: { change: longAgo } }),
		refused: expired(/targets/),
	},
	{
		clause: '5.6.6',
		what: 'a list that was taken is kept: it is not asked for again',
		set: async (world) => {
			await world.update('1.1.0');
			const asked: string[] = [];
			world.server.misbehave = (path) => {
				asked.push(path);
				return false;
			};
			await world.update('1.1.0');
			if (asked.some((path) => /targets\.json/.test(path))) throw new Error(asked.join(' '));
		},
	},
	{
		clause: '5.6.7',
		what: 'a model that only a delegated list knows',
		set: (world) => {
			const { signing, open } = makeKey();
			forge(world, {
				targets: {
					change: (body) => {
						const role = { name: 'guest', keyids: [signing.id], threshold: 1, terminating: false, paths: ['*'] };
						body.delegations = { keys: { [signing.id]: open }, roles: [role] };
						body.targets = {};
					},
				},
			});
		},
		refused: rejected(/tiny 1\.1\.0 is not on the list/),
	},
	{
		clause: '5.7.1, 5.7.2',
		what: 'a model that is not on the list',
		set: (world) => {
			world.wanted = '7.0.0';
		},
		refused: rejected(/tiny 7\.0\.0 is not on the list/),
	},
	{
		clause: '5.7.3',
		what: 'a model’s file longer than the list says',
		set: (world) =>
			world.replace(/1\.1\.0.*manifest\.json$/, (path) => Buffer.concat([world.file(path), Buffer.alloc(1)])),
		refused: rejected(/more of .*manifest\.json than/),
	},
	{
		clause: '5.7.3',
		what: 'a model’s file with another hash',
		set: (world) => world.replace(/1\.1\.0.*manifest\.json$/, (path) => Buffer.alloc(world.file(path).length, 7)),
		refused: rejected(/sha256.*thrown away/),
	},
];
