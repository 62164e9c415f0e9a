import test from 'ava';
import fc from 'fast-check';
import { Fleet } from '../../src/fleet/fleet.ts';
import { fleetText } from '../../src/fleet/fleetText.ts';
import { alertExample } from '../../src/telemetry/messages/alert.ts';
import { birthExample } from '../../src/telemetry/messages/birth.ts';
import { examinationResultExample } from '../../src/telemetry/messages/examinationResult.ts';
import { healthExample } from '../../src/telemetry/messages/health.ts';
import { siteResultExample } from '../../src/telemetry/messages/siteResult.ts';
import { statusExample } from '../../src/telemetry/messages/status.ts';

const nowMs = Date.parse('2026-03-02T10:00:00.000Z');

function made(root = 'phlebox') {
	const fleet = new Fleet(root, 100_000);
	const say = (box: string, topic: string, message: unknown, { retained = false, atMs = nowMs } = {}) =>
		fleet.take(`${root}/v1/${box}/${topic}`, message === '' ? '' : JSON.stringify(message), retained, atMs);
	return { fleet, say };
}

for (const root of ['phlebox', 'hospital/phlebox'])
	test(`under ${root}, a box is shown with all that it said`, (t) => {
		const { fleet, say } = made(root);
		say('b1', 'status', { ...statusExample, status: 'online', reason: '' });
		say('b1', 'birth', birthExample);
		say('b1', 'health', healthExample);
		say('b1', 'alert/store-full', alertExample);
		say('b1', 'result/examination', examinationResultExample);
		say('b1', 'result/site', siteResultExample);
		t.like(fleet.boxes(nowMs)[0], {
			...{ box: 'b1', label: 'Room 3', state: 'online', version: '0.1.0', model: 'phlebox-dual 1.0.0' },
			...{ signal: 'ok', light: 'searching', pending: 0, heardAt: '2026-03-02T10:00:00.000Z' },
			result: { at: siteResultExample.measuredAt, kind: 'site', outcome: 'captured', site: siteResultExample.site },
		});
		t.deepEqual(
			fleet.boxes(nowMs)[0]!.alerts.map(({ code, severity }) => [code, severity]),
			[['store-full', 'critical']],
		);
		say('b1', 'alert/store-full', '');
		t.deepEqual(fleet.boxes(nowMs)[0]!.alerts, []);
		t.is(fleet.malformed, 0);
	});

test('a box that is lost, and one that says it works and is not heard, stand first', (t) => {
	const { fleet, say } = made();
	const status = (word: string) => ({ ...statusExample, status: word, reason: '' });
	say('a', 'status', status('online'));
	say('b', 'status', status('offline'));
	say('c', 'status', status('online'), { retained: true });
	say('d', 'status', status('lost'));
	say('e', 'status', status('degraded'));
	say('f', 'status', status('online'));
	say('f', 'alert/store-full', alertExample);
	const states = (atMs: number) => fleet.boxes(atMs).map(({ box, state }) => `${box} ${state}`);
	t.deepEqual(states(nowMs), ['d lost', 'f online', 'e degraded', 'a online', 'c online', 'b offline']);
	for (const box of ['a', 'e', 'f']) say(box, 'health', healthExample, { atMs: nowMs + 90_000 });
	t.deepEqual(states(nowMs + 100_001), ['d lost', 'c silent', 'f online', 'e degraded', 'a online', 'b offline']);
});

test('what a broker retained is no sign of life', (t) => {
	const { fleet, say } = made();
	say('a', 'status', { ...statusExample, status: 'online' }, { retained: true });
	t.is(fleet.boxes(nowMs)[0]!.heardAt, null);
});

test('whatever comes, it throws nothing and puts nothing on the terminal that steers it', (t) => {
	const { fleet } = made();
	const payload = fc.oneof(
		fc.string(),
		fc.json(),
		fc.string().map((label) => JSON.stringify({ ...birthExample, label: `\u001b[2J${label}` })),
		fc.string().map((text) => JSON.stringify({ ...alertExample, text: `\u0007${text}` })),
	);
	const topic = fc.oneof(
		fc.string(),
		fc.constantFrom(
			'phlebox/v1/b/birth',
			'phlebox/v1/b/alert/x',
			'phlebox/v1/\u001b[2J/status',
			'phlebox/v1/b/health',
			'phlebox/v1',
		),
	);
	fc.assert(
		fc.property(topic, payload, fc.boolean(), (where, what, retained) => {
			fleet.take(where, what, retained, nowMs);
			const text = fleetText(fleet, nowMs, 30, 120);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that must not be there
			t.notRegex(text.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f]/);
			t.true(text.split('\n').length <= 30 && text.split('\n').every((line) => line.length <= 120));
		}),
		{ numRuns: 500 },
	);
});

test('the view says how many are how, and how many it has no room for', (t) => {
	const { fleet, say } = made();
	for (let place = 0; place < 50; place += 1)
		say(`b${place}`, 'status', { ...statusExample, status: 'online', reason: '' });
	const lines = fleetText(fleet, nowMs, 10, 200).split('\n');
	t.is(lines.length, 10);
	t.is(lines[0], '50 boxes: 50 online; 0 alerts; 50 messages');
	t.is(lines.at(-1), 'and 43 more');
});
