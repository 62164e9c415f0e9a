import { readFileSync } from 'node:fs';
import test from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';
import { faultsMarkdown } from './markdown.ts';
import { faults } from './table.ts';

test('docs/faults.md is what the table says; `npm run generate` writes it', (t) => {
	t.is(readFileSync(shippedPath('docs/faults.md'), 'utf8'), faultsMarkdown(faults));
});

test('every row of the table has an id of its own', (t) => {
	t.is(new Set(faults.map(({ id }) => id)).size, faults.length);
});
