import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { manifestFile } from '../../inference/package/manifest.ts';
import { JournalFile } from '../install/journalFile.ts';
import { updateFolder } from './updateFolder.ts';

/**
 * The package that the box is to start with: the one that was committed last. One on trial is switched to once the box
 * runs, so that a power cut in its trial brings back the old one first.
 * @returns null for the configuration's: nothing was ever committed here, or its files are gone
 */
export function installedModel(storeFolder: string): string | null {
	const paths = updateFolder(storeFolder);
	const file = new JournalFile(paths.journal);
	try {
		file.open();
	} catch {
		// The updater says what is wrong with it; until then the model of the configuration runs.
		return null;
	}
	const { current } = file.journal;
	if (!current) return null;
	const folder = join(paths.models, 'packages', current.sha256);
	return existsSync(join(folder, manifestFile)) ? folder : null;
}
