import { messageOf, PhleboxError } from '../../errors.ts';
import { BrokerRefusal } from './reasonCodes.ts';

const certificate = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_)/;

const texts: Record<string, string> = {
	ECONNREFUSED: 'nothing listens there; start the broker or correct mqtt.url',
	ENOTFOUND: 'the host name is not known; correct mqtt.url or the name server',
	EAI_AGAIN: 'no name server answers; check the network',
	EHOSTUNREACH: 'there is no way to that host; check the network',
	ENETUNREACH: 'there is no network; check cable and settings',
	ETIMEDOUT: 'the host does not answer; check the network and firewalls',
	ECONNRESET: 'it broke the connection off',
	EPIPE: 'it broke the connection off',
};

/** The one line for why a connection could not be made or ended. */
export function linkFault(error: unknown, broker: string): PhleboxError {
	if (error instanceof PhleboxError) return error;
	const { code } = error as { code?: unknown };
	if (typeof code === 'number') return new BrokerRefusal(broker, 'the connection', code);
	const known = typeof code === 'string' ? texts[code] : undefined;
	const text = known ?? (certificate.test(`${code}`) ? certificateText(error) : plainText(error));
	return new PhleboxError('broker-unreachable', `the broker ${broker} is out of reach: ${text}`, { cause: error });
}

function certificateText(error: unknown): string {
	return `its certificate is not trusted (${messageOf(error)}); check mqtt.tls and the clock of the box`;
}

/** mqtt.js has no codes for its own time limits. */
function plainText(error: unknown): string {
	const message = messageOf(error);
	if (/connack timeout/i.test(message)) return 'it takes connections, but does not answer';
	if (/keepalive timeout/i.test(message)) return 'it does not answer any more';
	return message === '' ? 'it closed the connection' : message;
}
