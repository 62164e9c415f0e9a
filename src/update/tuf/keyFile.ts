import {
	createHash,
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	type KeyObject,
	sign as signBytes,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Key, Signature } from '@tufjs/models';
import { z } from 'zod';
import { messageOf, PhleboxError } from '../../errors.ts';
import { writeAtomically } from '../atomicFile.ts';

/** The public half as the root's metadata holds it. */
export const publicKeySchema = z.strictObject({
	keytype: z.literal('ed25519'),
	keyval: z.strictObject({ public: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits') }),
	scheme: z.literal('ed25519'),
});
export type PublicKey = z.infer<typeof publicKeySchema>;

/** A private key that was opened; it stays in memory only. */
export interface SigningKey {
	readonly id: string;
	sign(data: Buffer): Signature;
}

/** Derived from the key: the same key under two names would count twice towards a threshold. */
export function keyIdOf({ keytype, keyval, scheme }: PublicKey): string {
	// Keys in order and no spaces: the canonical form of this object, which holds nothing but ASCII.
	const canonical = JSON.stringify({ keytype, keyval: { public: keyval.public }, scheme });
	return createHash('sha256').update(canonical).digest('hex');
}

export function tufKey(key: PublicKey): Key {
	return Key.fromJSON(keyIdOf(key), { ...key });
}

function publicOf(key: KeyObject): PublicKey {
	const { x } = createPublicKey(key).export({ format: 'jwk' });
	return { keytype: 'ed25519', keyval: { public: Buffer.from(x!, 'base64url').toString('hex') }, scheme: 'ed25519' };
}

/**
 * Makes a key pair: `FILE` (PKCS #8, PEM, encrypted by the passphrase, readable by its owner only) and `FILE.pub`.
 * @param passphrase null leaves the private key unencrypted
 * @returns the key's id
 * @throws PhleboxError key-invalid when there is a file already; store-failed
 */
export function makeKeyFiles(file: string, passphrase: string | null): string {
	for (const path of [file, `${file}.pub`])
		if (existsSync(path)) throw new PhleboxError('key-invalid', `${path} exists; a key is never written over`);
	const { privateKey } = generateKeyPairSync('ed25519');
	const secret = passphrase === null ? {} : { cipher: 'aes-256-cbc', passphrase };
	writeAtomically(file, privateKey.export({ type: 'pkcs8', format: 'pem', ...secret }) as string, 0o600);
	const open = publicOf(privateKey);
	writeAtomically(`${file}.pub`, `${JSON.stringify(open, null, '\t')}\n`);
	return keyIdOf(open);
}

/** @throws PhleboxError key-invalid */
export function readPublicKey(file: string): PublicKey {
	let json: unknown;
	try {
		json = JSON.parse(readFileSync(file, 'utf8'));
	} catch (cause) {
		throw new PhleboxError('key-invalid', `${file}: no public key can be read: ${messageOf(cause)}`, { cause });
	}
	const result = publicKeySchema.safeParse(json);
	if (result.success) return result.data;
	const hint = 'it has to be the .pub file that `phlebox model keygen` wrote';
	throw new PhleboxError('key-invalid', `${file} is no ed25519 public key; ${hint}`);
}

/** @throws PhleboxError key-invalid */
export function openSigningKey(file: string, passphrase: string | null): SigningKey {
	let key: KeyObject;
	try {
		// An empty passphrase for none: without one the library would ask on the terminal of its own accord.
		key = createPrivateKey({ key: readFileSync(file), format: 'pem', passphrase: passphrase ?? '' });
	} catch (cause) {
		const hint = passphrase === null ? 'PHLEBOX_KEY_PASSPHRASE is not set' : 'is the passphrase the right one?';
		throw new PhleboxError('key-invalid', `${file}: no private key can be opened (${messageOf(cause)}); ${hint}`, {
			cause,
		});
	}
	if (key.asymmetricKeyType !== 'ed25519')
		throw new PhleboxError('key-invalid', `${file} is a ${key.asymmetricKeyType} key; only ed25519 signs here`);
	const id = keyIdOf(publicOf(key));
	return {
		id,
		sign: (data) => new Signature({ keyID: id, sig: signBytes(null, data, key).toString('hex') }),
	};
}
