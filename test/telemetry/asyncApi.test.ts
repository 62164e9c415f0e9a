import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import test from 'ava';
import { parse } from 'yaml';
import { renderAsyncApi } from '../../src/telemetry/messages/asyncApi.ts';

const document = parse(renderAsyncApi());
const file = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json');
const official = JSON.parse(readFileSync(file, 'utf8'));

test('the document is one of AsyncAPI 3.0.0 by its official schema, and a wrong one is not', (t) => {
	const valid = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(official);
	t.true(valid(document), JSON.stringify(valid.errors?.slice(-3)));
	t.false(valid({ ...document, channels: { status: { address: 7 } } }));
	t.false(valid({ ...document, operations: { status: { action: 'shout', channel: document.channels.status } } }));
});

/** The parts of the document that references point to, and undefined for each that points nowhere. */
function* referenced(part: unknown): Generator<[reference: string, target: unknown]> {
	if (typeof part !== 'object' || part === null) return;
	for (const [key, value] of Object.entries(part))
		if (key === '$ref' && typeof value === 'string') {
			const steps = value.replace(/^#\//, '').split('/');
			yield [value, steps.reduce((at: unknown, step) => (at as Record<string, unknown> | undefined)?.[step], document)];
		} else yield* referenced(value);
}

test('each reference in the document points to a part of it', (t) => {
	const all = [...referenced(document)];
	t.true(all.length > 30);
	t.deepEqual(
		all.filter(([reference, target]) => !reference.startsWith('#/') || target === undefined),
		[],
	);
});
