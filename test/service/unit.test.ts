import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';
import { phlebox } from '../cli/phlebox.ts';

const unit = shippedPath('deploy/systemd/phlebox.service');
const text = readFileSync(unit, 'utf8');
/** Most of 10 that `systemd-analyze security` may find exposed. */
const mostExposed = 2;

test('systemd finds the service well shut off', (t) => {
	const found = spawnSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' });
	if (found.error || found.status === 1) {
		if (process.env.CI === 'true') t.fail(`CI has no systemd-analyze that works: ${found.error ?? found.stderr}`);
		t.log('not run: no systemd-analyze that can judge a unit offline');
		t.pass();
		return;
	}
	const exposure = Number(/Overall exposure level for .*: ([\d.]+)/.exec(found.stdout)?.[1]);
	t.true(exposure <= mostExposed, found.stdout);
	t.log(`exposure ${exposure} of 10`);
});

test('what the service runs are commands of the box, on files that are shipped', async (t) => {
	const commands = [...text.matchAll(/^Exec\w+=\/usr\/bin\/node \/opt\/phlebox\/(\S+) (\w+)/gm)];
	t.deepEqual(
		commands.map(([, , command]) => command),
		['run', 'darken'],
	);
	for (const [, file, command] of commands) {
		t.true(existsSync(shippedPath(file!)));
		t.is((await phlebox([command!, '--help'])).code, 0);
	}
});

test('the rules call a program that is shipped and can be run', (t) => {
	const rules = readFileSync(shippedPath('deploy/systemd/phlebox.rules'), 'utf8');
	const [, program] = /RUN\+="\/opt\/phlebox\/(\S+)/.exec(rules)!;
	t.is(spawnSync(shippedPath(program!), ['/nowhere']).status, 0);
});
