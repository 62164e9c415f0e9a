import { type Clause, expired, longAgo, rejected } from './clause.ts';
import { forge, stranger } from './forge.ts';

/** 5.4: the timestamp role. */
export const timestampClauses: Clause[] = [
	{
		clause: '5.4.1',
		what: 'a timestamp without an end',
		set: (world) => world.replace(/timestamp\.json$/, () => Buffer.alloc(200_000, 32)),
		refused: rejected(/more than the 16384 bytes/),
	},
	{
		clause: '5.4.2',
		what: 'a timestamp that a stranger signed',
		set: (world) => void forge(world, { timestamp: { by: [stranger()] } }),
		refused: rejected(/timestamp was signed by 0\/1 keys/),
	},
	{
		clause: '5.4.3.1',
		what: 'a timestamp of before',
		set: async (world) => {
			const before = world.file('metadata/timestamp.json');
			world.publish('1.2.0');
			await world.update('1.1.0');
			world.replace(/timestamp\.json$/, () => before);
		},
		refused: rejected(/timestamp version 3 is less than current version 4/),
	},
	{
		clause: '5.4.3.1',
		what: 'another timestamp of the same version: no error, and nothing of it is taken',
		set: async (world) => {
			await world.update('1.1.0');
			forge(world, {
				targets: {
					change: (body) => {
						body.targets = {};
					},
				},
				timestamp: {
					change: (body) => {
						body.version -= 1;
					},
				},
			});
		},
		see: async (t, world) => t.true(Object.keys((await world.update('1.1.0')).list.targets).length > 0),
	},
	{
		clause: '5.4.3.2',
		what: 'a newer timestamp that names a snapshot of before',
		set: async (world) => {
			await world.update('1.1.0');
			forge(world, {
				timestamp: {
					change: (body) => {
						body.meta['snapshot.json'].version = 2;
					},
				},
			});
		},
		refused: rejected(/snapshot version 2 is less than current version 3/),
	},
	{
		clause: '5.4.4',
		what: 'a timestamp that has expired',
		set: (world) => void forge(world, { timestamp: { change: longAgo } }),
		refused: expired(/timestamp/),
	},
	{
		clause: '5.4.5',
		what: 'a timestamp that was taken is kept, also when what it names never came',
		set: async (world) => {
			const before = world.copy();
			world.publish('1.2.0');
			world.server.misbehave = (path, response) => {
				if (!/snapshot/.test(path)) return false;
				response.writeHead(404).end();
				return true;
			};
			await world.update('1.1.0').catch(() => undefined);
			world.impersonate(before);
		},
		refused: rejected(/version 3 is less than current version 4/),
	},
];
