import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { PhleboxError } from '../../src/errors.ts';
import { initRepository } from '../../src/update/publisher/initRepository.ts';
import { publishModel, retireModel } from '../../src/update/publisher/publish.ts';
import { Repository } from '../../src/update/publisher/repository.ts';
import { rotate } from '../../src/update/publisher/rotate.ts';
import { contentHash, signRepository } from '../../src/update/publisher/sign.ts';
import { verifyRepository } from '../../src/update/publisher/verifyRepository.ts';
import { keyIdOf, makeKeyFiles, openSigningKey, readPublicKey } from '../../src/update/tuf/keyFile.ts';
import { parseMetadata } from '../../src/update/tuf/metadata.ts';
import { defaultExpiryDays } from '../../src/update/tuf/roles.ts';
import { temporaryFolder } from '../inference/tinyPackage.ts';
import { makeKey, makeKeys, makeRepository, planOf, release, releasers, tinyVersion } from './publishing.ts';

const now = new Date('2026-05-04T03:02:01Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const code = (wanted: string, message: RegExp) => ({ code: wanted as PhleboxError['code'], message });

test('a key file opens with its passphrase only, is its owner’s, and is never written over', (t) => {
	const file = join(temporaryFolder(), 'key');
	const id = makeKeyFiles(file, 'correct horse');
	t.is(statSync(file).mode & 0o777, 0o600);
	t.false(readFileSync(file, 'utf8').includes('BEGIN PRIVATE'));
	t.is(openSigningKey(file, 'correct horse').id, id);
	t.is(keyIdOf(readPublicKey(`${file}.pub`)), id);
	t.throws(() => openSigningKey(file, 'wrong'), code('key-invalid', /key: no private key.*passphrase/));
	t.throws(() => openSigningKey(file, null), code('key-invalid', /PHLEBOX_KEY_PASSPHRASE is not set/));
	t.throws(() => makeKeyFiles(file, null), code('key-invalid', /exists/));
	t.throws(() => readPublicKey(file), code('key-invalid', /no public key/));
});

test('signers who come one after the other release a repository together, in the order of upload', (t) => {
	const keys = makeKeys();
	const repository = initRepository(join(temporaryFolder(), 'r'), planOf(keys), defaultExpiryDays, now);
	const [a, b] = [keys.root[2].signing, keys.root[0].signing];
	t.regex(signRepository(repository, [a], now).waiting[0]!.missing, /root was signed by 1\/2/);
	t.is(repository.released('root'), null);
	// The same key again is still one.
	t.deepEqual(signRepository(repository, [a], now).released, []);
	t.deepEqual(signRepository(repository, [b], now).released, ['metadata/1.root.json']);
	t.deepEqual(signRepository(repository, [keys.targets[0].signing], now).released, []);
	t.deepEqual(signRepository(repository, [keys.targets[1].signing], now).released, ['metadata/1.targets.json']);
	t.deepEqual(signRepository(repository, [keys.snapshot.signing, keys.timestamp.signing], now).released, [
		'metadata/1.snapshot.json',
		'metadata/timestamp.json',
	]);
	t.is(verifyRepository(repository, now).roles.root.version, 1);
	t.throws(
		() => initRepository(repository.folder, planOf(keys), defaultExpiryDays, now),
		code('repository-invalid', /already/),
	);
});

test('a role with fewer keys than have to sign, or one key twice, is refused', (t) => {
	const keys = makeKeys();
	const plan = planOf(keys);
	plan.targets.keys = [keys.targets[0].open, keys.targets[0].open];
	const act = () => initRepository(join(temporaryFolder(), 'r'), plan, defaultExpiryDays, now);
	t.throws(act, code('bad-usage', /targets needs 2 different keys to sign and is given 1/));
});

test('one key under two names is refused: it would count twice', (t) => {
	const keys = makeKeys();
	const repository = initRepository(join(temporaryFolder(), 'r'), planOf(keys), defaultExpiryDays, now);
	const root = JSON.parse(readFileSync(join(repository.folder, 'pending/root.json'), 'utf8'));
	const alias = 'f'.repeat(64);
	root.signed.keys[alias] = keys.root[0].open;
	root.signed.roles.root.keyids.push(alias);
	t.throws(() => parseMetadata('root', JSON.stringify(root), 'x'), code('repository-invalid', /not that of its key/));
});

test('a model is out when both have signed; what is out never changes; a retired one is off the list', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	publishModel(repository, tinyVersion('1.0.0'), now);
	t.deepEqual(signRepository(repository, [keys.targets[1].signing], now).released, []);
	t.deepEqual(verifyRepository(repository, now).models, []);
	const { released } = signRepository(repository, releasers(keys), now);
	t.deepEqual(released, ['metadata/2.targets.json', 'metadata/2.snapshot.json', 'metadata/timestamp.json']);
	const { models } = verifyRepository(repository, now);
	t.deepEqual(
		models.map(({ name, version }) => [name, version]),
		[['tiny', '1.0.0']],
	);
	t.throws(() => publishModel(repository, tinyVersion('1.0.0'), now), code('repository-invalid', /new version/));
	release(repository, keys, '1.1.0', now);
	t.throws(
		() => retireModel(repository, 'tiny', '9.9.9', now),
		code('repository-invalid', /there: tiny 1.0.0, tiny 1.1.0/),
	);
	retireModel(repository, 'tiny', '1.0.0', now);
	signRepository(repository, releasers(keys), now);
	t.deepEqual(
		verifyRepository(repository, now).models.map(({ version }) => version),
		['1.1.0'],
	);
	t.true(readdirSync(join(repository.folder, 'targets/tiny')).includes('1.0.0'));
});

test('a signature does not outlive a change of what was signed', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	publishModel(repository, tinyVersion('1.0.0'), now);
	signRepository(repository, [keys.targets[0].signing], now);
	const before = contentHash(repository.pending('targets')!);
	publishModel(repository, tinyVersion('1.1.0'), now);
	t.not(contentHash(repository.pending('targets')!), before);
	t.deepEqual(signRepository(repository, [keys.targets[1].signing], now).released, []);
	signRepository(repository, releasers(keys), now);
	t.is(verifyRepository(repository, now).models.length, 2);
});

test('a key that has nothing to sign is said', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	const stranger = makeKey();
	t.throws(() => signRepository(repository, [stranger.signing], now), code('key-invalid', /nothing to sign/));
	publishModel(repository, tinyVersion('1.0.0'), now);
	t.throws(() => signRepository(repository, [stranger.signing], now), code('key-invalid', /nothing to sign/));
});

test('a new root needs enough keys of the one before and of its own', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	const [one, two, three] = keys.root;
	const fresh = [makeKey(), makeKey()];
	const remove = [two.signing.id, three.signing.id];
	rotate(repository, { role: 'root', add: fresh.map(({ open }) => open), remove }, now);
	// Enough for the old root, one short for the new.
	t.deepEqual(signRepository(repository, [two.signing, three.signing], now).released, []);
	t.deepEqual(signRepository(repository, [fresh[0]!.signing], now).released, []);
	t.deepEqual(signRepository(repository, [one.signing], now).released, ['metadata/2.root.json']);
	t.is(verifyRepository(repository, now).roles.root.keys.length, 3);
	rotate(repository, { role: 'root', add: [], remove: [] }, now);
	t.throws(() => signRepository(repository, [two.signing, three.signing], now), code('key-invalid', /nothing to sign/));
	t.throws(
		() => rotate(repository, { role: 'root', add: [], remove: ['abc'] }, now),
		code('bad-usage', /at least 8 digits/),
	);
});

test('a lost targets key is replaced: the list is signed anew by the others', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	release(repository, keys, '1.0.0', now);
	const fresh = makeKey();
	rotate(repository, { role: 'targets', add: [fresh.open], remove: [keys.targets[1].signing.id] }, now);
	const signers = [keys.root[0], keys.root[1], keys.targets[0], fresh, keys.snapshot, keys.timestamp];
	const { released } = signRepository(
		repository,
		signers.map(({ signing }) => signing),
		now,
	);
	t.deepEqual(released, [
		'metadata/2.root.json',
		'metadata/3.targets.json',
		'metadata/3.snapshot.json',
		'metadata/timestamp.json',
	]);
	t.is(verifyRepository(repository, now).models.length, 1);
});

test('a snapshot or timestamp key that was replaced signs its file anew', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	const [snapshot, timestamp] = [makeKey(), makeKey()];
	rotate(repository, { role: 'snapshot', add: [snapshot.open], remove: [keys.snapshot.signing.id] }, now);
	rotate(repository, { role: 'timestamp', add: [timestamp.open], remove: [keys.timestamp.signing.id] }, now);
	const signers = [keys.root[0], keys.root[1], snapshot, timestamp].map(({ signing }) => signing);
	const { released } = signRepository(repository, signers, now);
	t.deepEqual(released, ['metadata/2.root.json', 'metadata/2.snapshot.json', 'metadata/timestamp.json']);
	t.notThrows(() => verifyRepository(repository, now));
});

test('an expired file is said, and renewing it helps', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	t.throws(
		() => verifyRepository(repository, later(91)),
		code('repository-invalid', /timestamp expired.*--renew timestamp/),
	);
	signRepository(repository, [keys.timestamp.signing], later(91), new Set(['timestamp']));
	t.notThrows(() => verifyRepository(repository, later(91)));
});

test('a bit that flips anywhere in any file is found', (t) => {
	const keys = makeKeys();
	const repository = makeRepository(keys, now);
	release(repository, keys, '1.0.0', now);
	rotate(repository, { role: 'root', add: [], remove: [] }, now);
	signRepository(repository, [keys.root[0].signing, keys.root[1].signing], now);
	const all = readdirSync(repository.folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => /^(metadata|targets)\//.test(name) && statSync(join(repository.folder, name)).isFile())
		// What was released before stays for boxes that are on their way, and nothing names it any more.
		.filter((name) => !/1\.(targets|snapshot)\.json$/.test(name));
	t.is(all.length, 5 + 4);
	for (const name of all) {
		const file = join(repository.folder, name);
		const whole = readFileSync(file);
		for (const share of [0, 0.2, 0.5, 0.8]) {
			const broken = Buffer.from(whole);
			broken[Math.floor(whole.length * share)]! ^= 1;
			writeFileSync(file, broken);
			t.throws(() => verifyRepository(new Repository(repository.folder), now), { code: 'repository-invalid' }, name);
		}
		writeFileSync(file, whole.subarray(0, -2));
		t.throws(() => verifyRepository(repository, now), { code: 'repository-invalid' }, name);
		// Nothing says how many roots there are: without the newest, the one before is.
		if (name === 'metadata/2.root.json') {
			writeFileSync(file, whole);
			continue;
		}
		rmSync(file);
		t.throws(() => verifyRepository(repository, now), { code: 'repository-invalid' }, name);
		writeFileSync(file, whole);
	}
	t.notThrows(() => verifyRepository(repository, now));
});
