import { Metadata, MetadataKind, type Root, type Snapshot, type Targets, type Timestamp } from '@tufjs/models';
import { messageOf, PhleboxError } from '../../errors.ts';
import { keyIdOf, publicKeySchema } from './keyFile.ts';
import { type Role, roles } from './roles.ts';

export interface SignedOf {
	root: Root;
	targets: Targets;
	snapshot: Snapshot;
	timestamp: Timestamp;
}
export type AnyMetadata = Metadata<Root> | Metadata<Targets> | Metadata<Snapshot> | Metadata<Timestamp>;
export type Json = Parameters<typeof Metadata.fromJSON>[1];

const kinds = {
	root: MetadataKind.Root,
	targets: MetadataKind.Targets,
	snapshot: MetadataKind.Snapshot,
	timestamp: MetadataKind.Timestamp,
};

/** The field, signed with the rest, that says when a file was made: what the boxes' floor of time grows by. */
export const issuedField = 'issued';

const seconds = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');

/** A file that nobody has signed yet. `body` is what the role holds beside version and times. */
export function draft<R extends Role>(
	role: R,
	version: number,
	body: Json,
	now: Date,
	expiryDays: number,
): Metadata<SignedOf[R]> {
	const expires = seconds(new Date(now.getTime() + expiryDays * 86_400_000));
	const signed = { _type: role, spec_version: '1.0.31', version, expires, [issuedField]: seconds(now), ...body };
	return fromJson(role, { signed, signatures: [] }, `the new ${role}`);
}

/** @throws PhleboxError repository-invalid */
export function parseMetadata<R extends Role>(role: R, text: string, name: string): Metadata<SignedOf[R]> {
	let json: Json;
	try {
		json = JSON.parse(text);
	} catch (cause) {
		throw new PhleboxError('repository-invalid', `${name} is no JSON: ${messageOf(cause)}`, { cause });
	}
	return fromJson(role, json, name);
}

function fromJson<R extends Role>(role: R, json: Json, name: string): Metadata<SignedOf[R]> {
	try {
		const make = Metadata.fromJSON as (kind: MetadataKind, data: Json) => unknown;
		const metadata = make(kinds[role], json) as Metadata<SignedOf[R]>;
		if (role === 'root') checkRoot(metadata.signed as Root);
		return metadata;
	} catch (cause) {
		throw new PhleboxError('repository-invalid', `${name} is no ${role} metadata: ${messageOf(cause)}`, { cause });
	}
}

/** Beyond what TUF asks: key ids are derived from the keys, so that one key cannot count as two of a threshold. */
export function checkRoot(root: Root): void {
	for (const [id, key] of Object.entries(root.keys)) {
		const { data } = publicKeySchema.safeParse(key.toJSON());
		if (!data) throw new Error(`key ${id.slice(0, 12)} is no ed25519 key`);
		if (keyIdOf(data) !== id) throw new Error(`key id ${id.slice(0, 12)} is not that of its key`);
	}
	for (const role of roles) {
		const { keyIDs, threshold } = root.roles[role]!;
		if (new Set(keyIDs).size < threshold) throw new Error(`${role} has ${keyIDs.length} keys of ${threshold} needed`);
		if (keyIDs.some((id) => !root.keys[id])) throw new Error(`${role} names a key that is not there`);
	}
}

export function textOf(metadata: AnyMetadata): string {
	return `${JSON.stringify(metadata.toJSON(), null, 1)}\n`;
}

/** Null when enough of the role's keys have signed, else what is missing. */
export function missingSignatures(by: Metadata<Root>, role: Role, metadata: AnyMetadata): string | null {
	try {
		by.verifyDelegate(role, metadata);
		return null;
	} catch (error) {
		return messageOf(error);
	}
}

/** When a file was made, by its own signed word; null for one that does not say. */
export function issuedAt(metadata: AnyMetadata): Date | null {
	const word = metadata.signed.unrecognizedFields[issuedField];
	const time = typeof word === 'string' ? new Date(word) : null;
	return time && !Number.isNaN(time.getTime()) ? time : null;
}
