import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { messageOf, PhleboxError } from '../../errors.ts';
import { type DraftManifest, draftManifestSchema, type Manifest, manifestFile, manifestSchema } from './manifest.ts';

/**
 * @param limit largest size that is read, bytes
 * @throws PhleboxError model-invalid
 */
export function readPackageFile(folder: string, name: string, limit: number): Buffer {
	const path = join(folder, name);
	const stat = statSync(path, { throwIfNoEntry: false });
	if (!stat) throw new PhleboxError('model-invalid', `${path} is missing; a model package needs it`);
	if (!stat.isFile()) throw new PhleboxError('model-invalid', `${path} is no file`);
	if (stat.size > limit)
		throw new PhleboxError('model-invalid', `${path} has ${stat.size} bytes; at most ${limit} are allowed`);
	try {
		return readFileSync(path);
	} catch (cause) {
		throw new PhleboxError('model-invalid', `${path} cannot be read: ${messageOf(cause)}`, { cause });
	}
}

export function sha256Of(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** @throws PhleboxError model-invalid when a bit of the file is not the one that was sealed */
export function checkHash(folder: string, name: string, bytes: Uint8Array, wanted: string): void {
	const found = sha256Of(bytes);
	if (found === wanted) return;
	const words = `has sha256 ${found.slice(0, 12)}..., the manifest says ${wanted.slice(0, 12)}...`;
	throw new PhleboxError('model-invalid', `${join(folder, name)} ${words}; fetch the package again`);
}

/**
 * Of a manifest's content without its hashes, keys in order: the same however the file is laid out. A threshold or a
 * label that was changed by accident is as bad as a changed weight.
 */
export function manifestHash({ sha256: _, ...content }: DraftManifest): string {
	return sha256Of(Buffer.from(JSON.stringify(content, inOrder)));
}

function inOrder(_key: string, value: unknown): unknown {
	if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The manifest of a sealed package, without a look at the other files.
 * @throws PhleboxError model-invalid
 */
export function readManifest(folder: string): Manifest {
	const manifest = parse(folder, manifestSchema);
	if (manifestHash(manifest) !== manifest.sha256.manifest)
		throw new PhleboxError(
			'model-invalid',
			`${join(folder, manifestFile)} was changed after it was sealed; fetch the package again, or seal it again`,
		);
	return manifest;
}

/** The manifest as the trainer writes it; see `draftManifestSchema`. */
export function readDraftManifest(folder: string): DraftManifest {
	return parse(folder, draftManifestSchema);
}

const manifestLimit = 65536;

function parse<Schema extends z.ZodType>(folder: string, schema: Schema): z.infer<Schema> {
	const path = join(folder, manifestFile);
	const text = readPackageFile(folder, manifestFile, manifestLimit).toString('utf8');
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch (cause) {
		throw new PhleboxError('model-invalid', `${path} is no JSON: ${messageOf(cause)}`, { cause });
	}
	const result = schema.safeParse(json);
	if (result.success) return result.data;
	const issue = result.error.issues[0]!;
	const place = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
	throw new PhleboxError('model-invalid', `${path}: ${place}${issue.message}`);
}
