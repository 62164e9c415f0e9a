import mqtt, { type MqttClient } from 'mqtt';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { linkFault } from '../telemetry/link/linkFault.ts';
import { readTlsFiles } from '../telemetry/link/tlsFiles.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'broker';
const deadlineMs = 5000;

/** Connects once, with a client id of its own so that a running box is not thrown out. */
export async function checkBroker({ mqtt: options, box }: Config): Promise<Finding> {
	if (!options.enabled) return warn(check, 'MQTT is switched off', 'set mqtt.enabled to report results');
	const url = new URL(options.url);
	let client: MqttClient | undefined;
	try {
		client = mqtt.connect(options.url, {
			clientId: `${box.id}-doctor`,
			protocolVersion: options.protocol,
			connectTimeout: deadlineMs,
			reconnectPeriod: 0,
			...(options.username ? { username: options.username, password: options.password } : {}),
			...(url.protocol === 'mqtts:' ? await readTlsFiles(options.tls) : {}),
		});
		await connected(client);
		return ok(check, `${url.host}: connected`);
	} catch (error) {
		return fail(
			check,
			messageOf(linkFault(error, url.host)),
			'check mqtt.url, mqtt.tls, user name and password, and that the broker runs',
		);
	} finally {
		client?.end(true);
	}
}

function connected(client: MqttClient): Promise<void> {
	return new Promise((resolve, reject) => {
		const deadline = setTimeout(() => reject(new Error(`no answer within ${deadlineMs / 1000} s`)), deadlineMs);
		client.once('connect', () => {
			clearTimeout(deadline);
			resolve();
		});
		client.on('error', (error) => {
			clearTimeout(deadline);
			reject(error);
		});
	});
}
