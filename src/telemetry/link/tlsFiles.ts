import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../errors.ts';
import { CertificateFault } from './certificateFault.ts';

/** Files in PEM. Used with mqtts only. */
export interface TlsOptions {
	/** Who signed the broker's certificate; empty for the authorities that Node knows. */
	caFile: string;
	/** The certificate of this box and its key; empty for none. */
	certFile: string;
	keyFile: string;
}

export interface TlsContents {
	ca: Buffer | undefined;
	cert: Buffer | undefined;
	key: Buffer | undefined;
}

/**
 * Read for each connection, so that a renewed certificate is used without a restart. That certificate and key belong
 * together, and that now lies within the certificate's time, is found here: the broker's answer would not say it.
 * @throws CertificateFault
 */
export async function readTlsFiles(tls: TlsOptions, now = Date.now()): Promise<TlsContents> {
	const [ca, cert, key] = await Promise.all([pem(tls.caFile), pem(tls.certFile), pem(tls.keyFile)]);
	if (cert || key) checkPair(tls, cert, key, now);
	return { ca, cert, key };
}

/** When the certificate of this box ends, milliseconds since 1970; null without one that can be read. */
export async function certificateEnd(tls: TlsOptions): Promise<number | null> {
	if (tls.certFile === '') return null;
	try {
		return Date.parse(new X509Certificate(await readFile(tls.certFile)).validTo);
	} catch {
		return null;
	}
}

function checkPair(tls: TlsOptions, cert: Buffer | undefined, key: Buffer | undefined, now: number): void {
	if (!cert || !key)
		throw new CertificateFault(
			'box-certificate-unusable',
			'mqtt.tls: certFile and keyFile are needed both, or neither',
		);
	let certificate: X509Certificate;
	let belongs: boolean;
	try {
		certificate = new X509Certificate(cert);
		belongs = certificate.checkPrivateKey(createPrivateKey(key));
	} catch (error) {
		throw new CertificateFault(
			'box-certificate-unusable',
			`mqtt.tls: ${tls.certFile} or ${tls.keyFile} is no PEM of a certificate and its key (${messageOf(error)})`,
			{ cause: error },
		);
	}
	if (!belongs)
		throw new CertificateFault(
			'box-certificate-unusable',
			`mqtt.tls: ${tls.keyFile} is not the key of the certificate ${tls.certFile}: give the two that belong together`,
		);
	if (now < Date.parse(certificate.validFrom))
		throw new CertificateFault(
			'clock-before-certificate',
			`the clock of the box (${new Date(now).toISOString()}) stands before the start of its own certificate (${new Date(certificate.validFrom).toISOString()}): set the clock`,
		);
	if (now > Date.parse(certificate.validTo))
		throw new CertificateFault(
			'box-certificate-expired',
			`the certificate of this box ended at ${new Date(certificate.validTo).toISOString()}: renew ${tls.certFile}, or set the clock if it runs ahead`,
		);
}

async function pem(file: string): Promise<Buffer | undefined> {
	if (file === '') return undefined;
	try {
		return await readFile(file);
	} catch (error) {
		throw new CertificateFault(
			'box-certificate-unusable',
			`mqtt.tls: ${file} cannot be read: correct the path or its rights`,
			{ cause: error },
		);
	}
}
