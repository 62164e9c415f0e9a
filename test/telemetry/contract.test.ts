import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { shippedPath } from '../../src/packageRoot.ts';
import { renderAsyncApi } from '../../src/telemetry/messages/asyncApi.ts';
import { type CatalogueEntry, catalogue, jsonSchemaOf } from '../../src/telemetry/messages/catalogue.ts';
import { breaks, type Schema } from '../../src/telemetry/messages/compatibility.ts';
import { schemaVersion } from '../../src/telemetry/messages/fields.ts';

// The schemas as they were published. A change that breaks one needs a new schemaVersion, and a new folder beside this.
const published = shippedPath('test/telemetry/contract', `v${schemaVersion}`);

for (const file of readdirSync(published))
	test(`${file} of version ${schemaVersion} is still kept to`, (t) => {
		const before = JSON.parse(readFileSync(`${published}/${file}`, 'utf8')) as Schema & { 'x-topic': string };
		const name = file.replace('.schema.json', '');
		const entry = (catalogue as Record<string, CatalogueEntry>)[name];
		if (!entry) return void t.fail(`the message ${name} is gone`);
		t.deepEqual(breaks(before, jsonSchemaOf(entry) as Schema, entry.direction), []);
	});

test('every message has its published schema', (t) => {
	t.deepEqual(
		readdirSync(published),
		Object.keys(catalogue)
			.map((name) => `${name}.schema.json`)
			.sort(),
	);
});

const before: Schema = {
	type: 'object',
	properties: {
		a: { type: 'string', enum: ['x', 'y'] },
		b: { anyOf: [{ type: 'number' }, { type: 'null' }] },
		c: { type: 'array', items: { type: 'object', properties: { d: { type: 'string' } }, required: ['d'] } },
	},
	required: ['a', 'b'],
};
const changed = (change: (schema: Schema) => void) => {
	const after = structuredClone(before);
	change(after);
	return after;
};

for (const { what, change, up, down } of [
	{ what: 'nothing', change: () => {}, up: [], down: [] },
	{
		what: 'a new field',
		change: (s: Schema) => Object.assign(s.properties!, { n: { type: 'string' } }),
		up: [],
		down: [],
	},
	{ what: 'a new word', change: (s: Schema) => void s.properties!.a!.enum!.push('z'), up: [], down: [] },
	{
		what: 'a field that is gone',
		change: (s: Schema) => void delete s.properties!.a,
		up: ['a: is gone'],
		down: ['a: is gone'],
	},
	{
		what: 'another type',
		change: (s: Schema) => Object.assign(s.properties!, { a: { type: 'number' } }),
		up: ['a: was string, is number'],
		down: ['a: was string, is number'],
	},
	{
		what: 'a word that is gone',
		change: (s: Schema) => void s.properties!.a!.enum!.pop(),
		up: ['a: the word "y" is gone'],
		down: ['a: the word "y" is gone'],
	},
	{
		what: 'a field no longer sure',
		change: (s: Schema) => void s.required!.pop(),
		up: ['b: may be missing now'],
		down: [],
	},
	{
		what: 'a field newly asked for',
		change: (s: Schema) => void s.required!.push('c'),
		up: [],
		down: ['c: is asked for now'],
	},
	{
		what: 'a choice that is gone',
		change: (s: Schema) => void s.properties!.b!.anyOf!.pop(),
		up: ['b: was null, is number'],
		down: ['b: was null, is number'],
	},
	{
		what: 'a change within a list',
		change: (s: Schema) => Object.assign(s.properties!.c!.items!.properties!.d!, { type: 'number' }),
		up: ['c[].d: was string, is number'],
		down: ['c[].d: was string, is number'],
	},
])
	test(`${what}: breaks what it breaks`, (t) => {
		t.deepEqual(breaks(before, changed(change), 'up'), up);
		t.deepEqual(breaks(before, changed(change), 'down'), down);
	});

test('the AsyncAPI document names every message, with its direction, QoS and an example that obeys its schema', (t) => {
	const document = parse(renderAsyncApi());
	t.is(document.asyncapi, '3.0.0');
	for (const [name, entry] of Object.entries(catalogue) as [string, CatalogueEntry][]) {
		t.is(document.channels[name].address, `{root}/v1/{box}/${entry.topic}`);
		t.is(document.operations[name].action, entry.direction === 'up' ? 'send' : 'receive');
		t.deepEqual(document.operations[name].bindings.mqtt, {
			qos: entry.qos,
			retain: entry.retained,
			bindingVersion: '0.2.0',
		});
		t.true(entry.schema.safeParse(document.components.messages[name].examples[0].payload).success);
		for (const word of document.channels[name].address.matchAll(/\{(\w+)\}/g))
			t.truthy(document.channels[name].parameters[word[1]].description);
	}
});
