import { PhleboxError } from '../../errors.ts';

export interface BrokerAddress {
	protocol: 'mqtt' | 'mqtts';
	host: string;
	port: number;
	/** From the URL, empty for none. */
	username: string;
	password: string;
	/** For logs: without the credentials. */
	shown: string;
}

/** @throws PhleboxError config-invalid; the line never shows a password */
export function brokerAddress(url: string): BrokerAddress {
	const parsed = URL.canParse(url) ? new URL(url) : null;
	const protocol = parsed?.protocol.slice(0, -1);
	if (!parsed || parsed.hostname === '' || (protocol !== 'mqtt' && protocol !== 'mqtts'))
		throw new PhleboxError(
			'config-invalid',
			`mqtt.url ${masked(url)} is no broker: write mqtt://HOST[:PORT] or mqtts://HOST[:PORT]`,
		);
	const port = Number(parsed.port) || (protocol === 'mqtt' ? 1883 : 8883);
	return {
		protocol,
		host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
		port,
		username: decodeURIComponent(parsed.username),
		password: decodeURIComponent(parsed.password),
		shown: `${protocol}://${parsed.hostname}:${port}`,
	};
}

function masked(url: string): string {
	return url.replace(/\/\/.*@/, '//***@');
}
