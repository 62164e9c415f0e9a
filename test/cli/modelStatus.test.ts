import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { emptyJournal } from '../../src/update/install/journal.ts';
import { temporaryFolder } from '../inference/tinyPackage.ts';
import { phlebox } from './phlebox.ts';

function boxWith(journal: object | null): string {
	const folder = temporaryFolder();
	const file = join(folder, 'box.json');
	writeFileSync(file, JSON.stringify({ store: { folder }, update: { source: '/media/stick', trust: 'root.json' } }));
	mkdirSync(join(folder, 'updates'));
	if (journal) writeFileSync(join(folder, 'updates', 'journal.json'), JSON.stringify(journal));
	return file;
}

test('a box that was never updated says so, and which model it starts with', async (t) => {
	const { code, stdout } = await phlebox(['model', 'status', '--config', boxWith(null)]);
	t.is(code, 0);
	t.regex(stdout, /^starts with {6}phlebox-dual \d+\.\d+\.\d+ \(inference\.model: shipped\)/);
	t.regex(stdout, /nothing was ever installed on this box/);
});

test('what is being tried, for which job, and what is in quarantine', async (t) => {
	const candidate = {
		name: 'dual',
		version: '9.0.0',
		sha256: 'a'.repeat(64),
		stage: 'trial',
		starts: 1,
		job: 'ring-1',
	};
	const file = boxWith({ ...emptyJournal, candidate, quarantined: ['b'.repeat(64)] });
	const { code, stdout } = await phlebox(['model', 'status', '--config', file]);
	t.is(code, 0);
	t.regex(stdout, /being tried {6}dual 9\.0\.0, aaaaaaaaaaaa: trial, job ring-1/);
	t.regex(stdout, /in quarantine {4}1: bbbbbbbbbbbb/);
});

test('a journal that cannot be read is one clear line', async (t) => {
	const { code, stderr } = await phlebox(['model', 'status', '--config', boxWith({ schema: 7 })]);
	t.not(code, 0);
	t.regex(stderr, /journal\.json is no journal of updates/);
	t.is(stderr.trim().split('\n').length, 1);
});
