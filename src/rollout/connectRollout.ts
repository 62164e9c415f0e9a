import { randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { linkFault } from '../telemetry/link/linkFault.ts';
import { readTlsFiles, type TlsOptions } from '../telemetry/link/tlsFiles.ts';

const connectMs = 10_000;

/** @throws PhleboxError broker-unreachable | broker-refused | certificate-invalid, when the first connection cannot be made */
export async function connectRollout(options: {
	url: string;
	username: string;
	password: string;
	tls: TlsOptions;
}): Promise<MqttClient> {
	const { url, username, password, tls } = options;
	const shown = URL.canParse(url) ? new URL(url).host : url;
	try {
		return await mqtt.connectAsync(
			url,
			{
				...{ clientId: `phlebox-rollout-${randomBytes(4).toString('hex')}`, reconnectPeriod: 2000 },
				connectTimeout: connectMs,
				...(username && { username, password }),
				...(url.startsWith('mqtts:') && (await readTlsFiles(tls))),
			},
			false,
		);
	} catch (error) {
		throw linkFault(error as Error, shown);
	}
}
