import type { Targets } from '@tufjs/models';
import { z } from 'zod';

/** What a target's `custom` field says: which model the file belongs to. */
export const customSchema = z.object({ name: z.string(), version: z.string() });

/** The files of one model in a list of targets. */
export interface ListedModel {
	name: string;
	version: string;
	/** Of its manifest's file: what a job names, and what is quarantined. */
	sha256: string;
	bytes: number;
}

/** Name of a package's file among the targets. */
export function targetPath(name: string, version: string, file: string): string {
	return `${name}/${version}/${file}`;
}

/** Where the file lies under `targets/`, its hash in its name so that no file ever changes. */
export function storedPath(target: string, sha256: string): string {
	const at = target.lastIndexOf('/') + 1;
	return `${target.slice(0, at)}${sha256}.${target.slice(at)}`;
}

export function listedModels({ targets }: Targets): ListedModel[] {
	const found = new Map<string, ListedModel>();
	for (const [path, target] of Object.entries(targets)) {
		const { data } = customSchema.safeParse(target.custom);
		if (!data) continue;
		const key = `${data.name}/${data.version}`;
		const model = found.get(key) ?? { ...data, sha256: '', bytes: 0 };
		model.bytes += target.length;
		if (path === targetPath(data.name, data.version, 'manifest.json')) model.sha256 = target.hashes.sha256 ?? '';
		found.set(key, model);
	}
	return [...found.values()];
}
