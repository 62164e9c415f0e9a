import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { softwareVersion } from '../packageRoot.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { type TelemetryOptions, telemetryDefaults } from '../telemetry/telemetryOptions.ts';
import type { TelemetryParts } from '../telemetry/telemetryParts.ts';

const inputs = { v4l2: 'camera', recording: 'recording', simulator: 'simulator' } as const;

/** Telemetry as the configuration wants it. */
export function boxTelemetry(
	config: Config,
	log: Logger,
	sites: readonly string[],
	parts: Pick<TelemetryParts, 'board' | 'ready' | 'remote' | 'inputHistory'>,
): Telemetry {
	const input = inputs[config.capture.source];
	return new Telemetry(telemetryOptions(config), { ...parts, log, software: softwareVersion, input, sites });
}

function telemetryOptions({ box, mqtt, store }: Config): TelemetryOptions {
	const { link, sender, health, ...rest } = telemetryDefaults;
	const backoff = { minMs: mqtt.backoffMinSeconds * 1000, maxMs: mqtt.backoffMaxSeconds * 1000 };
	return {
		...rest,
		enabled: mqtt.enabled,
		root: mqtt.root,
		box: box.id,
		label: box.label,
		link: {
			...link,
			url: mqtt.url,
			otherUrls: mqtt.otherUrls,
			tls: mqtt.tls,
			sessionExpirySeconds: mqtt.sessionExpirySeconds,
			willDelaySeconds: mqtt.willDelaySeconds,
			username: mqtt.username,
			password: mqtt.password,
			protocolVersion: mqtt.protocol,
			keepaliveSeconds: mqtt.keepaliveSeconds,
			publishTimeoutMs: mqtt.publishSeconds * 1000,
			backoff,
		},
		certificateWarnMs: mqtt.tls.warnDays * 86_400_000,
		sender: { ...sender, backoff },
		store: { ...rest.store, folder: join(store.folder, 'outbox'), quotaBytes: store.quotaMiB * 2 ** 20 },
		overdueMs: store.overdueHours * 3_600_000,
		keepAsideMs: store.keepAsideDays * 86_400_000,
		health: { ...health, intervalMs: mqtt.healthSeconds * 1000 },
	};
}
