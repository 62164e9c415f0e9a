import { randomBytes, type webcrypto } from 'node:crypto';
import {
	BasicConstraintsExtension,
	ExtendedKeyUsage,
	ExtendedKeyUsageExtension,
	KeyUsageFlags,
	KeyUsagesExtension,
	SubjectAlternativeNameExtension,
	SubjectKeyIdentifierExtension,
	X509Certificate,
	X509CertificateGenerator,
} from '@peculiar/x509';
import { PhleboxError } from '../errors.ts';
import { readRequest } from './certificateRequest.ts';
import { algorithm, newKeyPair, privatePem, signingKey } from './keyPair.ts';

export interface Pair {
	/** PEM */
	certificate: string;
	key: string;
}

/** From when to when a certificate holds. */
export interface Span {
	notBefore: Date;
	notAfter: Date;
}

/** From a little before now, so that a box whose clock is a few minutes late takes it. */
export function spanOfDays(days: number, nowMs = Date.now()): Span {
	return { notBefore: new Date(nowMs - 3_600_000), notAfter: new Date(nowMs + days * 86_400_000) };
}

/** An authority of one's own, for sites that have none. It may sign certificates of boxes and brokers and nothing else. */
export async function makeAuthority(name: string, span: Span): Promise<Pair> {
	const keys = await newKeyPair();
	const certificate = await X509CertificateGenerator.createSelfSigned({
		serialNumber: serial(),
		name: [{ CN: [name] }],
		...span,
		keys,
		signingAlgorithm: algorithm,
		extensions: [
			new BasicConstraintsExtension(true, 0, true),
			new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
			await SubjectKeyIdentifierExtension.create(keys.publicKey),
		],
	});
	return { certificate: `${certificate.toString('pem')}\n`, key: await privatePem(keys) };
}

/**
 * The certificate of a box, for its request.
 * @throws PhleboxError certificate-invalid
 */
export async function signRequest(
	authority: Pair,
	requestPem: string,
	span: Span,
): Promise<{ id: string; certificate: string }> {
	const { id, request } = await readRequest(requestPem);
	const certificate = await sign(authority, id, await request.publicKey.export(), span, [
		new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
	]);
	return { id, certificate };
}

/** Key and certificate of a broker. @param hosts names and IP addresses that boxes reach it by */
export async function makeBroker(authority: Pair, hosts: readonly string[], span: Span): Promise<Pair> {
	const keys = await newKeyPair();
	const names = hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value }));
	const certificate = await sign(authority, hosts[0]!, keys.publicKey, span, [
		new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
		new SubjectAlternativeNameExtension(names),
	]);
	return { certificate, key: await privatePem(keys) };
}

async function sign(
	authority: Pair,
	commonName: string,
	publicKey: webcrypto.CryptoKey,
	span: Span,
	extensions: readonly (ExtendedKeyUsageExtension | SubjectAlternativeNameExtension)[],
): Promise<string> {
	const issuer = issuerOf(authority.certificate);
	const certificate = await X509CertificateGenerator.create({
		serialNumber: serial(),
		subject: [{ CN: [commonName] }],
		issuer: issuer.subjectName,
		...span,
		publicKey,
		signingKey: await signingKey(authority.key),
		signingAlgorithm: algorithm,
		extensions: [
			new BasicConstraintsExtension(false, undefined, true),
			new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
			...extensions,
		],
	});
	return `${certificate.toString('pem')}\n`;
}

function issuerOf(pem: string): X509Certificate {
	try {
		return new X509Certificate(pem);
	} catch (error) {
		throw new PhleboxError('certificate-invalid', 'the certificate of the authority is none in PEM', { cause: error });
	}
}

/** Positive, 127 bits of chance (RFC 5280, section 4.1.2.2). */
function serial(): string {
	const bytes = randomBytes(16);
	bytes[0]! &= 0x7f;
	bytes[0]! |= 0x40;
	return bytes.toString('hex');
}
