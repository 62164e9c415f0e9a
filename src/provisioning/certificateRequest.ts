import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { PhleboxError } from '../errors.ts';
import { checkedBoxId } from './boxId.ts';
import { algorithm, newKeyPair, privatePem } from './keyPair.ts';

export interface RequestFiles {
	/** PEM; stays on the box. */
	key: string;
	/** PKCS #10 in PEM; goes to whoever signs. */
	request: string;
}

/**
 * A new key and the request for its certificate, whose common name is the box's id: the broker's one rule fences by it.
 * @throws PhleboxError bad-usage
 */
export async function makeRequest(id: string): Promise<RequestFiles> {
	const keys = await newKeyPair();
	const request = await Pkcs10CertificateRequestGenerator.create({
		name: `CN=${checkedBoxId(id)}`,
		keys,
		signingAlgorithm: algorithm,
	});
	return { key: await privatePem(keys), request: `${request.toString('pem')}\n` };
}

/**
 * A request that was read and whose signature shows that its sender holds the key.
 * @throws PhleboxError certificate-invalid
 */
export async function readRequest(pem: string): Promise<{ id: string; request: Pkcs10CertificateRequest }> {
	let request: Pkcs10CertificateRequest;
	let proved: boolean;
	try {
		request = new Pkcs10CertificateRequest(pem);
		proved = await request.verify();
	} catch (error) {
		throw new PhleboxError('certificate-invalid', 'this is no certificate request in PEM', { cause: error });
	}
	if (!proved) throw new PhleboxError('certificate-invalid', 'the request is not signed by the key that it names');
	const names = request.subjectName.getField('CN');
	if (names.length !== 1 || request.subjectName.toJSON().length !== 1)
		throw new PhleboxError('certificate-invalid', 'the subject of the request must be one common name, the box id');
	return { id: checkedBoxId(names[0]!), request };
}
