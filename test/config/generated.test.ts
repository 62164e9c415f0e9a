import test from 'ava';
import { staleFiles } from '../../src/config/generate.ts';
import { configJsonSchema, environmentName, leaves } from '../../src/config/jsonSchema.ts';

test('generated docs are what the code says; `npm run generate` writes them', (t) => {
	t.deepEqual(staleFiles(), []);
});

test('every key has a description, a default and an environment name of its own', (t) => {
	const all = [...leaves(configJsonSchema())];
	for (const { path, schema } of all) {
		t.truthy(schema.description, path.join('.'));
		t.true('default' in schema, path.join('.'));
	}
	t.is(new Set(all.map(({ path }) => environmentName(path))).size, all.length);
});
