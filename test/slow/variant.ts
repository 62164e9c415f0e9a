import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { modelFolder } from '../../src/vision/protocol.ts';
import { changeManifest, temporaryFolder } from '../inference/tinyPackage.ts';

/** The shipped model under another version, and changed further. */
export function variant(version: string, change: (folder: string) => void = () => undefined): string {
	const folder = join(temporaryFolder(), version);
	cpSync(modelFolder('shipped'), folder, { recursive: true });
	changeManifest(folder, (manifest) => {
		manifest.version = version;
	});
	change(folder);
	return folder;
}
