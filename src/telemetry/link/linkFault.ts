import { messageOf, PhleboxError } from '../../errors.ts';
import { CertificateFault, certificateFault } from './certificateFault.ts';
import type { LinkCause } from './linkCause.ts';
import { BrokerRefusal } from './reasonCodes.ts';

const texts: Record<string, string> = {
	ECONNREFUSED: 'nothing listens there; start the broker or correct mqtt.url',
	ENOTFOUND: 'the host name is not known; correct mqtt.url or the name server',
	EAI_AGAIN: 'no name server answers; check the network',
	EHOSTUNREACH: 'there is no way to that host; check the network',
	ENETUNREACH: 'there is no network; check cable and settings',
	ETIMEDOUT: 'the host does not answer; check the network and firewalls',
	ECONNRESET: 'it broke the connection off',
	EPIPE: 'it broke the connection off',
	ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port; correct mqtt.url',
	ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on that port; correct mqtt.url',
};

/** The one line for why a connection could not be made or ended. */
export function linkFault(error: unknown, broker: string): PhleboxError {
	if (error instanceof PhleboxError) return error;
	const { code } = error as { code?: unknown };
	if (typeof code === 'number') return new BrokerRefusal(broker, 'the connection', code);
	const known = typeof code === 'string' ? texts[code] : undefined;
	const ofTls = known === undefined ? certificateFault(error, broker, messageOf(error)) : null;
	if (ofTls) return ofTls;
	const text = known ?? plainText(error);
	return new PhleboxError('broker-unreachable', `the broker ${broker} is out of reach: ${text}`, { cause: error });
}

/** Which of the named states a fault is. */
export function linkCauseOf(fault: PhleboxError): LinkCause {
	if (fault instanceof CertificateFault) return fault.linkCause;
	if (fault instanceof BrokerRefusal) return fault.aboutCredentials ? 'credentials' : 'refused';
	return fault.code === 'broker-unreachable' ? 'unreachable' : 'refused';
}

/** A person has to change something before it can work. */
export function needsMending(fault: PhleboxError): boolean {
	if (fault instanceof CertificateFault) return !fault.passes;
	return !fault.retryable || (fault instanceof BrokerRefusal && fault.remedy === 'mend');
}

/** mqtt.js has no codes for its own time limits. */
function plainText(error: unknown): string {
	const message = messageOf(error);
	if (/connack timeout/i.test(message)) return 'it takes connections, but does not answer';
	if (/keepalive timeout/i.test(message)) return 'it does not answer any more';
	return message === '' ? 'it closed the connection' : message;
}
