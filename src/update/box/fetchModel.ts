import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetFile } from '@tufjs/models';
import { messageOf, PhleboxError } from '../../errors.ts';
import { manifestFile, manifestSchema } from '../../inference/package/manifest.ts';
import { packageFiles } from '../packageFiles.ts';
import { storedPath, targetPath } from '../tuf/modelTargets.ts';
import { type DownloadLimits, download, downloadDefaults } from './download.ts';
import type { Content, ObjectStore } from './objectStore.ts';
import type { Origin } from './origin.ts';
import type { TrustedList } from './trustedList.ts';

/** What somebody who may say so wants on this box. */
export interface Intent {
	name: string;
	version: string;
	/** Of the manifest's file, where the one who wants it knows it. */
	sha256?: string;
}

export interface FetchedModel {
	/** The package, whole: every file is what was signed. It has not been tried yet. */
	folder: string;
	/** Of its manifest's file: the model's name in the store, and what is quarantined. */
	sha256: string;
}

/** Largest manifest, bytes. */
const manifestLimit = 65_536;

/**
 * Brings a model into the store: what is both signed and wanted, and nothing else.
 * @param progress told how many bytes of the model are in the store, of how many
 * @throws PhleboxError update-rejected, update-unreachable (goes on where it ended), store-full (before anything is
 * fetched), store-failed
 */
export async function fetchModel(
	origin: Origin,
	{ targets }: TrustedList,
	store: ObjectStore,
	intent: Intent,
	limits: DownloadLimits = downloadDefaults,
	progress: (done: number, total: number) => void = () => undefined,
): Promise<FetchedModel> {
	const { name, version } = intent;
	const words = `${name} ${version}`;
	const prefix = targetPath(name, version, '');
	const listed = new Map<string, Content>();
	for (const [path, target] of Object.entries(targets))
		if (path.startsWith(prefix)) listed.set(path.slice(prefix.length), contentOf(path, target));
	const manifest = listed.get(manifestFile);
	if (!manifest)
		throw new PhleboxError('update-rejected', `${words} is not on the list of ${origin.name}; it may be retired`);
	if (intent.sha256 !== undefined && intent.sha256 !== manifest.sha256)
		throw new PhleboxError(
			'update-rejected',
			`${words} of ${origin.name} is ${manifest.sha256}; wanted is ${intent.sha256}`,
		);
	if (manifest.length > manifestLimit)
		throw new PhleboxError('update-rejected', `the manifest of ${words} has ${manifest.length} bytes`);
	store.open();
	store.checkRoom([...listed.values()]);
	const total = [...listed.values()].reduce((sum, { length }) => sum + length, 0);
	let done = 0;
	const bring = async (file: string, content: Content) => {
		if (!store.has(content)) {
			const stored = `targets/${storedPath(prefix + file, content.sha256)}`;
			const came = (bytes: number) => progress(done + bytes, total);
			await download(origin, stored, content.length, store.partial(content), limits, came);
			await store.accept(content);
		}
		done += content.length;
		progress(done, total);
	};
	await bring(manifestFile, manifest);
	const files = filesOf(join(store.folder, 'objects', manifest.sha256), intent);
	const contents = new Map(files.map((file) => [file, listed.get(file)] as const));
	for (const [file, content] of contents) {
		if (!content)
			throw new PhleboxError('update-rejected', `${words} is not whole: ${origin.name} does not list its ${file}`);
		await bring(file, content);
	}
	return { folder: store.assemble(manifest.sha256, contents as Map<string, Content>), sha256: manifest.sha256 };
}

function contentOf(path: string, { hashes, length }: TargetFile): Content {
	const { sha256 } = hashes;
	if (!sha256 || !/^[0-9a-f]{64}$/.test(sha256))
		throw new PhleboxError('update-rejected', `${path} is listed without a sha256`);
	return { sha256, length };
}

/** A manifest that was listed under another name is another model, however well it is signed. */
function filesOf(path: string, { name, version }: Intent): string[] {
	let json: unknown;
	try {
		json = JSON.parse(readFileSync(path, 'utf8'));
	} catch (cause) {
		throw new PhleboxError('update-rejected', `the manifest of ${name} ${version} is no JSON: ${messageOf(cause)}`, {
			cause,
		});
	}
	const { data, error } = manifestSchema.safeParse(json);
	if (!data) {
		const { path: place, message } = error.issues[0]!;
		const words = `the manifest of ${name} ${version} does not fit this software: ${place.join('.')}: ${message}`;
		throw new PhleboxError('update-rejected', words);
	}
	if (data.name !== name || data.version !== version)
		throw new PhleboxError('update-rejected', `what is listed as ${name} ${version} is ${data.name} ${data.version}`);
	return packageFiles(data);
}
