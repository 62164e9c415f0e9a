import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
	/** Where it is served. */
	path: string;
	type: string;
	content: Buffer;
}

const folder = fileURLToPath(new URL('./page/', import.meta.url));
const script = 'text/javascript; charset=utf-8';
const types: Record<string, string> = {
	'index.html': 'text/html; charset=utf-8',
	'icon.svg': 'image/svg+xml',
	'page.css': 'text/css; charset=utf-8',
	'page.js': script,
	'blink.js': script,
	'buttons.js': script,
	'checklist.js': script,
	'light.js': script,
	'link.js': script,
	'notice.js': script,
	'scan.js': script,
	'symbols.js': script,
	'timing.js': script,
	'validity.js': script,
};

/** The page's files, read once. */
export function readPage(): PageFile[] {
	return Object.entries(types).map(([name, type]) => ({
		path: name === 'index.html' ? '/' : `/${name}`,
		type,
		content: readFileSync(join(folder, name)),
	}));
}
