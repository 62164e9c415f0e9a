import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';
import { phlebox } from '../cli/phlebox.ts';

const unit = shippedPath('deploy/systemd/phlebox.service');
const text = readFileSync(unit, 'utf8');
/** Most of 10 that `systemd-analyze security` may find exposed. */
const mostExposed = 2;

for (const [name, ...additions] of [
	['the service'],
	['the service with a broker', 'deploy/systemd/broker.conf'],
	['the service with a Jetson’s GPU', 'deploy/systemd/broker.conf', 'deploy/jetson/gpu.conf'],
] as const)
	test(`systemd finds ${name} well shut off`, (t) => {
		const copy = join(mkdtempSync(join(tmpdir(), 'phlebox-unit-')), 'phlebox.service');
		cpSync(unit, copy);
		for (const addition of additions) cpSync(shippedPath(addition), join(`${copy}.d`, basename(addition)));
		const found = spawnSync('systemd-analyze', ['security', '--offline=true', copy], { encoding: 'utf8' });
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
	const commands = [
		...text.matchAll(/^Exec\w+=\/opt\/phlebox\/current\/bin\/node \/opt\/phlebox\/current\/(\S+) (\w+)/gm),
	];
	t.deepEqual(
		commands.map(([, , command]) => command),
		['run', 'darken'],
	);
	for (const [, file, command] of commands) {
		t.true(existsSync(shippedPath(file!)));
		t.is((await phlebox([command!, '--help'])).code, 0);
	}
});

const rules = readFileSync(shippedPath('deploy/systemd/phlebox.rules'), 'utf8');
const [, program] = /RUN\+="\/opt\/phlebox\/current\/(\S+)/.exec(rules)!;
test('the rules call a program that is shipped and can be run', (t) => {
	t.is(spawnSync(shippedPath(program!), ['/nowhere']).status, 0);
});

for (const [offered, wanted] of [
	['none [heartbeat] pattern', 'pattern\n'],
	['none heartbeat [pattern]', 'none heartbeat [pattern]'],
	['[none] pattern-of-others', '[none] pattern-of-others'],
] as const)
	test(`an LED whose triggers are "${offered}" has "${wanted.trim()}" written`, (t) => {
		const led = mkdtempSync(join(tmpdir(), 'phlebox-led-'));
		const file = join(led, 'trigger');
		writeFileSync(file, offered);
		chmodSync(file, 0o644);
		spawnSync(shippedPath(program!), [led]);
		t.is(readFileSync(file, 'utf8'), wanted);
		t.is(statSync(file).mode & 0o777, 0o664, 'its group may write it');
	});
