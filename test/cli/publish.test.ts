import { join } from 'node:path';
import test from 'ava';
import { makeKeyFiles } from '../../src/update/tuf/keyFile.ts';
import { temporaryFolder } from '../inference/tinyPackage.ts';
import { tinyVersion } from '../update/publishing.ts';
import { phlebox } from './phlebox.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

async function said(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
	const { code, stdout, stderr } = await phlebox(args, environment);
	if (code !== 0) throw new Error(`phlebox ${args.join(' ')}: ${stderr}`);
	return stdout;
}

test('two people who hold keys of their own publish a model, as docs/updates.md says', async (t) => {
	const ann = { PHLEBOX_KEY_PASSPHRASE: 'ann' };
	const bob = { PHLEBOX_KEY_PASSPHRASE: 'bob' };
	const repository = at('repository');
	// A dozen programs one after the other take their time on a busy machine.
	t.timeout(600_000);
	t.regex(await said(['model', 'keygen', at('ann-root')], ann), /key [0-9a-f]{64}/);
	makeKeyFiles(at('ann-targets'), 'ann');
	for (const name of ['bob-root', 'bob-targets']) makeKeyFiles(at(name), 'bob');
	for (const name of ['safe-root', 'online']) makeKeyFiles(at(name), null);
	await said([
		...['model', 'init-repository', repository],
		...['--root', at('ann-root.pub'), at('bob-root.pub'), at('safe-root.pub')],
		...['--targets', at('ann-targets.pub'), at('bob-targets.pub')],
		...['--snapshot', at('online.pub'), '--timestamp', at('online.pub'), '--timestamp-days', '30'],
	]);
	const publish = await said(['model', 'publish', repository, tinyVersion('1.0.0')]);
	t.regex(publish, /root 1, .*waits for signatures; has none\n {2}content [0-9a-f]{64}/);
	t.regex(publish, /model tiny 1\.0\.0, manifest [0-9a-f]{64}/);
	const half = await said(['model', 'sign', repository, '--key', at('ann-root'), at('ann-targets')], ann);
	t.regex(half, /root 1 still waits: root was signed by 1\/2 keys/);
	const both = await said(['model', 'sign', repository, '--key', at('bob-root'), at('bob-targets')], bob);
	t.regex(both, /metadata\/1\.root\.json\n {2}metadata\/1\.targets\.json/);
	const whole = await said(['model', 'sign', repository, '--key', at('online')]);
	t.regex(whole, /targets\/ first.*\n {2}metadata\/1\.snapshot\.json\n {2}metadata\/timestamp\.json/);
	const state = JSON.parse(await said(['model', 'verify', repository, '--json']));
	t.deepEqual([state.models[0].name, state.models[0].version, state.pending], ['tiny', '1.0.0', []]);
	const trust = join(repository, 'metadata', '1.root.json');
	const fetched = await said([
		...['model', 'fetch', 'tiny', '1.0.0', '--from', repository, '--trust', trust, '--store', at('store')],
	]);
	t.regex(fetched, /signed by [0-9a-f]{64}, [0-9a-f]{64}\n.*\n.*inference\.model: .*packages\/[0-9a-f]{64}/);
});
