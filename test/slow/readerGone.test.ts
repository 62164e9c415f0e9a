import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { formatHeader, frameMarker } from '../../src/capture/recording/y4m.ts';
import { shippedPath } from '../../src/packageRoot.ts';
import { type Ended, phlebox, Running } from '../cli/phlebox.ts';

const folder = mkdtempSync(join(tmpdir(), 'phlebox-reader-'));
/** These programs compute for some seconds, on a busy machine for much longer. */
const patienceMs = 110_000;
const set = join(folder, 'set');
const json = join(folder, 'evaluation.json');
const checked = join(folder, 'box.yaml');
writeFileSync(checked, 'box: {id: one}\n');

test.before(() => {
	const size = { width: 320, height: 240 };
	const header = formatHeader({ ...size, rate: { numerator: 25, denominator: 1 }, colourSpace: 'mono' });
	const frame = Buffer.concat([Buffer.from(frameMarker), Buffer.alloc(320 * 240, 40)]);
	mkdirSync(set);
	writeFileSync(join(set, 'a.y4m'), Buffer.concat([Buffer.from(header), frame, frame]));
	writeFileSync(join(set, 'a.csv'), 'frame,landmark,vein\n0,none,none\n1,none,none\n');
	const entry = { id: 'a', video: 'a.y4m', labels: 'a.csv', roi: [0, 0, 320, 240] };
	const recordings = [{ ...entry, expected: { landmark: 'none', outcome: 'not-captured' } }];
	writeFileSync(
		join(set, 'index.json'),
		JSON.stringify({ name: 'small', license: 'none', source: 'a test', recordings }),
	);
});
test.after.always(() => rmSync(folder, { recursive: true }));

/** Runs it with an output whose reader has gone before the first word. */
function unread(output: 'stdout' | 'stderr', args: readonly string[]): Promise<Ended> {
	const pipe = output === 'stdout' ? '"$@" | true' : '{ "$@" 2>&1 >&3 3>&- | true; } 3>&1';
	const program = [process.execPath, shippedPath('dist', 'cli', 'main.js'), ...args];
	return new Running(spawn('bash', ['-o', 'pipefail', '-c', pipe, 'bash', ...program])).end(patienceMs);
}

const printing: [what: string, args: string[]][] = [
	['--help', ['--help']],
	['config --print-defaults', ['config', '--print-defaults']],
	['config --check', ['config', '--check', checked]],
	['model inspect', ['model', 'inspect']],
	['bench', ['bench', '--frames', '100', '--size', '640x480', '--format', 'GREY']],
	['simulate', ['simulate', '--out', join(folder, 'other'), '--recordings', '1', '--first', '74']],
	['evaluate', ['evaluate', set, '--json', json]],
	['demo', ['demo', '--web-port', '0', '--mqtt-port', '0']],
];

for (const [what, args] of printing)
	test.serial(`${what} whose reader has gone away ends without a complaint`, async (t) => {
		const { code, stderr } = await unread('stdout', args);
		t.notRegex(stderr, /EPIPE|Error|unexpected/);
		t.is(code, 0);
	});

test.serial('files are written although nobody reads what is printed', (t) => {
	t.true(existsSync(join(folder, 'other', 'index.json')));
	t.is(JSON.parse(readFileSync(json, 'utf8')).recordings, 1);
});

test.serial('doctor says by its exit code what it found, read or not', async (t) => {
	const { code } = await phlebox(['doctor', '--config', checked]);
	const { code: unheard, stderr } = await unread('stdout', ['doctor', '--config', checked]);
	t.is(unheard, code);
	t.notRegex(stderr, /EPIPE/);
});

test.serial('a command whose standard error nobody reads does its work', async (t) => {
	const { code, stdout } = await unread('stderr', ['evaluate', set]);
	t.is(code, 0);
	t.regex(stdout, /macro-F1/);
});

test.serial('a box goes on when nobody reads its console', async (t) => {
	const box = join(folder, 'console.yaml');
	writeFileSync(
		box,
		`capture: {source: simulator}
mqtt: {enabled: false}
web: {enabled: false}
log: {level: info}
indicator: {console: true}
store: {folder: ${join(folder, 'store')}}
`,
	);
	const { code, stderr } = await unread('stdout', ['run', '--config', box, '--seconds', '4']);
	t.regex(stderr, /4 s are over/);
	t.notRegex(stderr, /EPIPE/);
	t.is(code, 0);
});

test.serial('a full disk behind standard output is said, with an exit code', async (t) => {
	const program = [process.execPath, shippedPath('dist', 'cli', 'main.js'), 'config', '--print-defaults'];
	const full = new Running(spawn('bash', ['-c', '"$@" > /dev/full', 'bash', ...program]));
	const { code, stderr } = await full.end();
	t.regex(stderr, /^phlebox: standard output cannot be written: .*ENOSPC.*\n$/);
	t.is(code, 1);
});
