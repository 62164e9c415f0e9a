// Writes docs/faults.md; part of `npm run generate`.
import { writeFileSync } from 'node:fs';
import { shippedPath } from '../../src/packageRoot.ts';
import { faultsMarkdown } from './markdown.ts';
import { faults } from './table.ts';

writeFileSync(shippedPath('docs/faults.md'), faultsMarkdown(faults));
console.log('docs/faults.md');
