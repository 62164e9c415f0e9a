import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shippedPath } from '../packageRoot.ts';
import { configJsonSchema } from './jsonSchema.ts';
import { renderConfigDocs } from './render.ts';

/** Files in docs that are written from the code, by path in the project. */
export function generatedFiles(): Map<string, string> {
	return new Map([
		['docs/config.md', renderConfigDocs()],
		['docs/schema/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
	]);
}

/** Paths of generated files that are not what the code says. */
export function staleFiles(): string[] {
	return [...generatedFiles()].filter(([path, text]) => contentOf(shippedPath(path)) !== text).map(([path]) => path);
}

function contentOf(file: string): string | null {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return null;
	}
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
	for (const [path, text] of generatedFiles()) {
		mkdirSync(dirname(shippedPath(path)), { recursive: true });
		writeFileSync(shippedPath(path), text);
		console.log(path);
	}
