import { createPrivateKey, webcrypto } from 'node:crypto';
import { PhleboxError } from '../errors.ts';

/** Every key here: ECDSA on P-256, which every broker and every TLS 1.2 knows. */
export const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export function newKeyPair(): Promise<webcrypto.CryptoKeyPair> {
	return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

/** PKCS #8 in PEM. */
export async function privatePem(keys: webcrypto.CryptoKeyPair): Promise<string> {
	const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
	return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

/** @throws PhleboxError certificate-invalid, when it is no P-256 key in PEM */
export async function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
	try {
		const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
		return await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
	} catch (error) {
		throw new PhleboxError('certificate-invalid', 'the key of the authority is no P-256 key in PEM', { cause: error });
	}
}
