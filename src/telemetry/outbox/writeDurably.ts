import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Durable and atomic: after a crash the file holds the old text or the new one. */
export async function writeDurably(file: string, text: string): Promise<void> {
	const fresh = `${file}.new`;
	const handle = await open(fresh, 'w', 0o600);
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(fresh, file);
	const folder = await open(dirname(file), 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}
