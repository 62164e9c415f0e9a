import { join } from 'node:path';

/** The configuration with the folder of the engines filled in: beside what else the box keeps. */
export function withEngineFolder<
	Given extends { store: { folder: string }; inference: { engineFolder: string | null } },
>(config: Given): Given {
	const engineFolder = config.inference.engineFolder ?? join(config.store.folder, 'engines');
	return { ...config, inference: { ...config.inference, engineFolder } };
}
