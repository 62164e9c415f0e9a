import { PhleboxError } from '../../errors.ts';
import type { LinkCause } from './linkCause.ts';

/** TLS does not come about, or this box's own certificate cannot be used. */
export class CertificateFault extends PhleboxError {
	readonly linkCause: LinkCause;
	/** Passes by itself once the clock is set. */
	readonly passes: boolean;

	constructor(linkCause: LinkCause, message: string, options?: ErrorOptions) {
		super('certificate-invalid', message, options);
		this.linkCause = linkCause;
		this.passes = linkCause === 'clock-before-certificate';
	}
}

interface Words {
	linkCause: LinkCause;
	text: string;
}

/** By OpenSSL's names for what it found (X509_V_ERR_*), as Node gives them in `error.code`. */
const ofBroker: Record<string, Words> = {
	CERT_HAS_EXPIRED: {
		linkCause: 'broker-certificate-expired',
		text: "the broker's certificate has expired; renew it there, or set the clock of the box if it runs ahead",
	},
	CERT_NOT_YET_VALID: {
		linkCause: 'clock-before-certificate',
		text: "the clock of the box stands before the start of the broker's certificate; set the clock",
	},
};

/** By the alert that the other side sends (RFC 8446, section 6.2); OpenSSL puts its name into `error.code`. */
const alerts: [RegExp, Words][] = [
	[
		/ALERT_CERTIFICATE_EXPIRED/,
		{
			linkCause: 'box-certificate-expired',
			text: 'the broker says that the certificate of this box has expired; renew it',
		},
	],
	[
		/ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/,
		{
			linkCause: 'box-certificate-refused',
			text: 'the broker does not take the certificate of this box; give one that its authority signed in mqtt.tls.certFile',
		},
	],
];

const untrusted = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/;
const unusable = /KEY_VALUES_MISMATCH|PEM_|BAD_BASE64|BAD_END_LINE|NO_START_LINE|DECODER|ERR_OSSL_/;

/** What an error of TLS means; null when it is none. `told` is what the error itself says. */
export function certificateFault(error: unknown, broker: string, told: string): CertificateFault | null {
	const code = String((error as { code?: unknown }).code ?? '');
	const words = ofBroker[code] ?? alerts.find(([pattern]) => pattern.test(code))?.[1] ?? general(code, told);
	if (!words) return null;
	return new CertificateFault(words.linkCause, `no TLS with the broker ${broker}: ${words.text}`, { cause: error });
}

function general(code: string, told: string): Words | null {
	if (untrusted.test(code))
		return {
			linkCause: 'broker-certificate-untrusted',
			text: `its certificate is not trusted (${told}); check mqtt.tls.caFile and the host name in mqtt.url`,
		};
	if (unusable.test(code))
		return {
			linkCause: 'box-certificate-unusable',
			text: `the files of mqtt.tls cannot be used (${told}); give a certificate and its key in PEM`,
		};
	return null;
}
