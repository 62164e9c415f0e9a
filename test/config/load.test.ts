import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { loadConfig } from '../../src/config/load.ts';
import { renderDefaults } from '../../src/config/render.ts';
import { PhleboxError } from '../../src/errors.ts';

function fileWith(text: string): string {
	const file = join(mkdtempSync(join(tmpdir(), 'phlebox-config-')), 'box.yaml');
	writeFileSync(file, text);
	return file;
}

function problems(t: ExecutionContext, text: string, environment: NodeJS.ProcessEnv = {}): string[] {
	const error = t.throws(() => loadConfig(fileWith(text), environment), { instanceOf: PhleboxError });
	t.is(error.code, 'config-invalid');
	return error.message.split('\n');
}

test('an empty file gives the defaults', (t) => {
	t.deepEqual(loadConfig(fileWith(''), {}), loadConfig(null, {}));
});

test('the printed defaults load to the defaults', (t) => {
	t.deepEqual(loadConfig(fileWith(renderDefaults()), {}), loadConfig(null, {}));
});

test('a key of the file overrides its default and no other', (t) => {
	const config = loadConfig(fileWith('web:\n  port: 9000\n'), {});
	t.is(config.web.port, 9000);
	t.is(config.web.host, '127.0.0.1');
});

test('the environment overrides the file', (t) => {
	const config = loadConfig(fileWith('mqtt:\n  url: mqtt://a\n'), {
		PHLEBOX_MQTT_URL: 'mqtt://b',
		PHLEBOX_CAPTURE_V4L2_REOPEN_MS: '750',
		PHLEBOX_SCREEN_ROI: '[1, 2, 30, 40]',
		PHLEBOX_REAL_PICTURES: 'anything',
	});
	t.is(config.mqtt.url, 'mqtt://b');
	t.is(config.capture.v4l2.reopenMs, 750);
	t.deepEqual(config.screen.roi, [1, 2, 30, 40]);
});

test('a password made of digits stays a text', (t) => {
	t.is(loadConfig(null, { PHLEBOX_MQTT_PASSWORD: '0123' }).mqtt.password, '0123');
});

test('all that is wrong is said at once, each with key, value and what is allowed', (t) => {
	const lines = problems(
		t,
		'mqtt:\n  ulr: x\n  url: foo\ncapture: {source: hdmi, v4l2: {buffers: 99}}\nscreen: {roi: [1, 2, 0, 4]}\nweb: 3\n',
		{ PHLEBOX_WEB_PROT: '1' },
	);
	t.is(lines.length, 7);
	const said = (key: string, ...words: string[]) => {
		const line = lines.find((l) => l.includes(key));
		t.truthy(line, key);
		for (const word of words) t.true(line?.includes(word), `${line} names ${word}`);
	};
	said('mqtt.ulr', 'unknown key', 'did you mean url?', 'keepaliveSeconds');
	said('mqtt.url', '"foo"', 'mqtt');
	said('capture.source', '"hdmi"', 'v4l2, recording, simulator');
	said('capture.v4l2.buffers', '99', 'from 2 to 4');
	said('screen.roi[2]', '0', '"auto"', 'from 1');
	said('web:', '3', 'host');
	said('PHLEBOX_WEB_PROT', 'did you mean PHLEBOX_WEB_PORT?');
});

test('text that is no YAML is refused with its place', (t) => {
	t.regex(problems(t, 'mqtt: [\n')[0]!, /no valid YAML.*line \d/);
});

test('a file that holds a list or a word is refused', (t) => {
	t.regex(problems(t, '- a\n')[0]!, /holds no keys/);
	t.regex(problems(t, 'hello\n')[0]!, /holds no keys/);
});

test('a missing file is one line', (t) => {
	const error = t.throws(() => loadConfig('/nowhere/box.yaml', {}), { instanceOf: PhleboxError });
	t.is(error.code, 'file-not-found');
	t.regex(error.message, /^\/nowhere\/box\.yaml: cannot be read \(ENOENT[^\n]*$/);
});

test('providers are names, or names with their options as texts', (t) => {
	const text = `inference:
  providers:
    - name: tensorrt
      options: {trt_fp16_enable: "1", trt_max_workspace_size: "2147483648"}
    - {name: cuda}
    - cpu
`;
	const { providers, engineFolder } = loadConfig(fileWith(text), {}).inference;
	t.deepEqual(providers, [
		{ name: 'tensorrt', options: { trt_fp16_enable: '1', trt_max_workspace_size: '2147483648' } },
		{ name: 'cuda', options: {} },
		'cpu',
	]);
	t.is(engineFolder, null);
	t.deepEqual(loadConfig(fileWith('inference: {providers: [tensorrt, cpu]}\n'), {}).inference.providers, [
		'tensorrt',
		'cpu',
	]);
});

for (const [what, yaml, says] of [
	[
		'an option that is no text',
		'{name: tensorrt, options: {trt_fp16_enable: 1}}',
		/\[0\]\.options\.trt_fp16_enable: 1 is not allowed; allowed: a text, in quotes: "1"$/,
	],
	['a slip of the keyboard', '{name: tensorrt, option: {}}', /\[0\]\.option: unknown key \(did you mean options\?\)/],
	['another provider', '{name: tensort}', /\[0\]\.name: "tensort" is not allowed; allowed: one of tensorrt, cuda, cpu/],
	['another name', 'gpu', /\[0\]: "gpu" is not allowed; allowed: one of tensorrt, cuda, cpu, or keys name, options/],
	['options of the CPU', '{name: cpu, options: {a: "1"}}', /\[0\]\.options: .* cpu takes no options; leave them out/],
	['a number', '3', /\[0\]: 3 is not allowed/],
] as const)
	test(`${what} among the providers is said in one line`, (t) => {
		const lines = problems(t, `inference: {providers: [${yaml}]}\n`);
		t.is(lines.length, 1);
		t.regex(lines[0]!, says);
	});
