import { join } from 'node:path';

/** Where a box keeps what has to do with updates, below its store's folder. */
export function updateFolder(storeFolder: string) {
	const folder = join(storeFolder, 'updates');
	return {
		folder,
		models: join(folder, 'models'),
		metadata: join(folder, 'metadata'),
		journal: join(folder, 'journal.json'),
		trail: join(folder, 'trail.jsonl'),
	};
}
