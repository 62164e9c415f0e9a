import test from 'ava';
import fc from 'fast-check';
import { layRemote, needsRestart } from '../../src/config/remoteConfig.ts';
import { type Config, configSchema } from '../../src/config/schema.ts';

const base = { box: { id: 'box-1' }, mqtt: { url: 'mqtt://b', password: 'secret' } };
const plain = configSchema.parse(base);

function laid(remote: Record<string, unknown>): Config {
	const result = layRemote(base, remote);
	if ('problems' in result) throw new Error(result.problems.join('; '));
	return result.config;
}

test('what is asked for lies over the file of the box, which stays as it is', (t) => {
	const config = laid({ box: { label: 'Room 3' }, indicator: { expiryMs: 300 } });
	t.is(config.box.label, 'Room 3');
	t.is(config.box.id, 'box-1');
	t.is(config.indicator.expiryMs, 300);
	t.is(config.mqtt.password, 'secret');
	t.is((base.box as { label?: string }).label, undefined);
	t.deepEqual(laid({}), plain);
});

test('all that is wrong is told, a line each, and nothing is taken', (t) => {
	const result = layRemote(base, {
		box: { id: 'box-2' },
		mqtt: { url: 'mqtt://evil', snapshots: true, healthSeconds: 0 },
		capture: { source: 'simulator' },
		indicator: { leds: [], expiry: 3 },
		web: { host: '0.0.0.0' },
		vision: { previewHz: 'many' },
	});
	t.true('problems' in result);
	const lines = (result as { problems: string[] }).problems.join('\n');
	for (const key of [
		'box.id',
		'mqtt.url',
		'mqtt.snapshots',
		'capture.source',
		'indicator.leds',
		'indicator.expiry',
		'web.host',
	])
		t.regex(lines, new RegExp(`^${key}: cannot be set over MQTT; set it on the box$`, 'm'));
	t.regex(lines, /^mqtt\.healthSeconds: 0 is not allowed; allowed: /m);
	t.regex(lines, /^vision\.previewHz: "many" is not allowed/m);
});

test('label, level of the log and interval of health need no restart; anything else does', (t) => {
	t.false(needsRestart(plain, laid({ box: { label: 'x' }, mqtt: { healthSeconds: 5 }, log: { level: 'warn' } })));
	t.false(needsRestart(plain, laid({})));
	t.true(needsRestart(plain, laid({ indicator: { expiryMs: 300 } })));
	t.true(needsRestart(plain, laid({ screen: { roi: [1, 2, 300, 400] } })));
});

test('nothing is set on all objects', (t) => {
	const remote = JSON.parse(
		'{"screen": {"__proto__": {"polluted": 1}}, "exam": {"constructor": {"prototype": {"polluted": 1}}}}',
	);
	t.true('problems' in layRemote(base, remote));
	t.is(({} as { polluted?: unknown }).polluted, undefined);
});

test('whatever is asked for, what must not be set over MQTT is as the box has it', (t) => {
	const tree = fc.dictionary(
		fc.constantFrom('box', 'mqtt', 'capture', 'web', 'store', 'indicator', '__proto__', 'constructor', 'vision'),
		fc.oneof(
			fc.anything(),
			fc.dictionary(
				fc.constantFrom(
					'id',
					'label',
					'url',
					'password',
					'source',
					'host',
					'folder',
					'leds',
					'snapshots',
					'__proto__',
					'expiryMs',
				),
				fc.oneof(fc.anything(), fc.constant('simulator'), fc.constant(300), fc.constant(true)),
			),
		),
	);
	fc.assert(
		fc.property(tree, (remote) => {
			const result = layRemote(base, JSON.parse(JSON.stringify(remote) ?? '{}'));
			if ('problems' in result) {
				t.true(result.problems.length > 0);
				return;
			}
			const { config } = result;
			t.is(config.box.id, 'box-1');
			t.deepEqual(
				{ ...config.mqtt, healthSeconds: 0, publishSeconds: 0 },
				{ ...plain.mqtt, healthSeconds: 0, publishSeconds: 0 },
			);
			t.deepEqual(config.web, plain.web);
			t.is(config.capture.source, plain.capture.source);
			t.is(config.store.folder, plain.store.folder);
			t.deepEqual(config.indicator.leds, plain.indicator.leds);
			t.is(({} as { polluted?: unknown }).polluted, undefined);
		}),
		{ numRuns: 500 },
	);
});
