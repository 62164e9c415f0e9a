import {
	cpSync,
	existsSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { sha256Of } from '../../src/inference/package/packageFile.ts';
import { download } from '../../src/update/box/download.ts';
import { FolderOrigin } from '../../src/update/box/folderOrigin.ts';
import { publishModel } from '../../src/update/publisher/publish.ts';
import { rotate } from '../../src/update/publisher/rotate.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { textOf } from '../../src/update/tuf/metadata.ts';
import { storedPath } from '../../src/update/tuf/modelTargets.ts';
import { paleGraph, tinyVariant } from '../inference/tinyPackage.ts';
import { forgedTargets, only } from './forging.ts';
import { makeKey, releasers, tinyVersion } from './publishing.ts';
import { later, start, World } from './world.ts';

test.serial('a link that is cut every 16 KiB: resumed, with hardly a byte sent twice', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	world.server.sent = 0;
	world.server.cutAfter = 16_384;
	const { folder, list } = await world.update('1.1.0');
	const bytes = Object.entries(list.targets).filter(([path]) => path.startsWith('tiny/1.1.0/'));
	// Golden images and network are those of 1.0.0: what is in the store already is not fetched again.
	t.true(world.server.sent < 10_000);
	t.is(bytes.length, 4);
	rmSync(join(world.folder, 'store'), { recursive: true });
	world.server.sent = 0;
	const again = await world.update('1.1.0');
	t.is(again.folder, folder);
	const all = bytes.reduce((sum, [, { length }]) => sum + length, 0);
	t.true(world.server.sent >= all && world.server.sent < all * 1.05, `${world.server.sent} of ${all}`);
});

test.serial('a model that has a variant comes with it, whole', async (t) => {
	const world = await World.make(t);
	publishModel(world.repository, tinyVersion('1.1.0', { variant: paleGraph() }), start);
	signRepository(world.repository, releasers(world.keys), start);
	const { folder, list } = await world.update('1.1.0');
	t.is(Object.keys(list.targets).filter((path) => path.startsWith('tiny/1.1.0/')).length, 6);
	const { model, manifest } = loadModelPackage(folder, createFrameMemory(0));
	model.close();
	t.deepEqual(manifest.variants, [tinyVariant]);
});

test.serial('a server that knows no ranges: fetched anew, whole', async (t) => {
	const world = await World.make(t);
	rmSync(join(world.folder, 'store'), { recursive: true });
	world.server.cutAfter = 16_384;
	world.server.ranges = false;
	await t.throwsAsync(() => world.update('1.0.0'), { code: 'update-unreachable', message: /goes on from there/ });
	world.server.cutAfter = Number.POSITIVE_INFINITY;
	const { folder } = await world.update('1.0.0');
	t.true(existsSync(join(folder, 'model.onnx')));
});

test.serial('a connection that is closed before any answer is made anew, and not for ever', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	let closed = 0;
	world.server.misbehave = (path, _response, request) => {
		if (!/timestamp/.test(path) || closed === 2) return false;
		closed++;
		request.socket.resetAndDestroy();
		return true;
	};
	await t.notThrowsAsync(() => world.update('1.1.0'));
	t.is(closed, 2);
	closed = 3;
	await t.throwsAsync(() => world.update('1.1.0'), { code: 'update-unreachable' });
	t.is(closed, 6);
});

test.serial('a stick carries the same repository', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	world.location = world.repository.folder;
	t.is((await world.update('1.1.0')).list.versions.targets, 3);
});

test.serial('a box that was away climbs root by root, and keys that were taken away count no more', async (t) => {
	const world = await World.make(t);
	const { keys, repository } = world;
	const [fresh, other] = [makeKey(), makeKey()];
	rotate(repository, { role: 'root', add: [fresh.open], remove: [keys.root[0].signing.id] }, start);
	signRepository(repository, [keys.root[0].signing, keys.root[1].signing, fresh.signing], start);
	rotate(repository, { role: 'targets', add: [other.open], remove: [keys.targets[0].signing.id] }, start);
	const all = [keys.root[1], fresh, other, keys.targets[1], keys.snapshot, keys.timestamp];
	signRepository(
		repository,
		all.map(({ signing }) => signing),
		start,
	);
	const { list } = await world.update('1.0.0');
	t.is(list.versions.root, 3);
	t.deepEqual(list.signedBy.sort(), [other.signing.id, keys.targets[1].signing.id].sort());
	forgedTargets(world, [0, 1]);
	await t.throwsAsync(() => world.update('1.0.0'), { code: 'update-rejected', message: /signed by 1\/2/ });
});

test.serial('signatures of strangers beside enough good ones do no harm', async (t) => {
	const world = await World.make(t);
	const timestamp = world.repository.released('timestamp')!;
	timestamp.sign((data) => makeKey().signing.sign(data));
	world.replace(/timestamp\.json$/, () => Buffer.from(textOf(timestamp)));
	await t.notThrowsAsync(() => world.update('1.0.0'));
});

test.serial('a flipped bit in each file on the way is refused or, in a signature too many, does no harm', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	for (const match of [/timestamp\.json$/, /3\.snapshot\.json$/, /3\.targets\.json$/, /manifest\.json$/])
		for (const share of [0.1, 0.5, 0.9]) {
			world.replace(match, (path) => {
				const bytes = Buffer.from(world.file(path));
				bytes[Math.floor(bytes.length * share)]! ^= 1;
				return bytes;
			});
			await t.throwsAsync(() => world.update('1.1.0'), { code: 'update-rejected' }, `${match} ${share}`);
		}
	world.mend();
	await t.notThrowsAsync(() => world.update('1.1.0'));
});

test.serial('the floor of time rises by signed words only, and outlives a restart', async (t) => {
	const world = await World.make(t);
	t.is(world.trusted.floor().toISOString(), start.toISOString());
	world.clock = later(80);
	await world.update('1.0.0');
	t.is(world.trusted.floor().toISOString(), start.toISOString());
	world.publish('1.1.0', later(20));
	await world.update('1.1.0');
	t.is(world.trusted.floor().toISOString(), later(20).toISOString());
});

test.serial('metadata cut off at any step: the box goes on with what was right, and refreshes', async (t) => {
	const world = await World.make(t);
	const folder = join(world.folder, 'metadata');
	const current = () =>
		readdirSync(folder)
			.filter((name) => /^g\d/.test(name))
			.sort()
			.at(-1)!;
	// Killed while it wrote the copy: nothing points there.
	world.publish('1.1.0');
	const half = join(folder, 'g99');
	cpSync(join(folder, current()), half, { recursive: true });
	truncateSync(join(half, 'root.json'), 0);
	await t.notThrowsAsync(() => world.update('1.1.0'));
	t.false(existsSync(half));
	// A disk that lost the current one's root: the one before stands in.
	truncateSync(join(folder, current(), 'root.json'), 0);
	await t.notThrowsAsync(() => world.update('1.1.0'));
	// All lost: the root that the box was given.
	for (const name of readdirSync(folder)) if (/^g\d/.test(name)) writeFileSync(join(folder, name, 'root.json'), '{');
	await t.notThrowsAsync(() => world.update('1.1.0'));
});

test.serial('a file that rotted in the store is fetched again when a package is laid together anew', async (t) => {
	const world = await World.make(t);
	const object = join(world.folder, 'store/objects', sha256Of(world.file(only(world, /1\.0\.0\/.*model\.onnx$/))));
	truncateSync(object, 5);
	const { folder } = await world.update('1.0.0');
	loadModelPackage(folder, createFrameMemory(0)).model.close();
	t.pass();
});

test('what is in no kept package is swept out of the store', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	const { sha256 } = await world.update('1.1.0');
	world.store.collect(new Set([sha256]));
	t.deepEqual(readdirSync(join(world.folder, 'store/packages')), [sha256]);
	t.is(readdirSync(join(world.folder, 'store/objects')).length, 4);
});

/** A stick that is pulled out after so many bytes of a file. */
class LooseStick extends FolderOrigin {
	readonly #folder: string;
	opened: number[] = [];

	constructor(folder: string) {
		super(folder);
		this.#folder = folder;
	}

	override async open(file: string, from: number) {
		this.opened.push(from);
		const part = await super.open(file, from);
		if (!part) return null;
		const folder = this.#folder;
		async function* bytes() {
			for await (const chunk of part!.bytes) {
				yield chunk.subarray(0, 1000);
				renameSync(folder, `${folder}.out`);
				throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
			}
		}
		return { from, bytes: bytes() };
	}
}

test.serial('a stick that is pulled out amid a file: the next time it goes on from there', async (t) => {
	const world = await World.make(t);
	const stick = world.copy().folder;
	const [path, target] = Object.entries((await world.update('1.0.0')).list.targets).find(([name]) =>
		name.endsWith('model.onnx'),
	)!;
	const file = `targets/${storedPath(path, target.hashes.sha256!)}`;
	const partial = join(world.folder, 'partial');
	const loose = new LooseStick(stick);
	await t.throwsAsync(download(loose, file, target.length, partial, { ...world.download, attempts: 2 }), {
		code: 'update-unreachable',
		message: /1000 of \d+ bytes came .*plugged in\?.*goes on from there/,
	});
	renameSync(`${stick}.out`, stick);
	const whole = new FolderOrigin(stick);
	await download(whole, file, target.length, partial, world.download);
	t.is(sha256Of(readFileSync(partial)), target.hashes.sha256);
	t.deepEqual(loose.opened, [0, 1000, 1000]);
});
