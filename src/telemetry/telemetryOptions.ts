import type { HealthOptions } from './health.ts';
import type { LinkOptions } from './link.ts';
import type { LevelOutboxOptions } from './outbox/levelOutbox.ts';
import type { PatientOutboxOptions } from './outbox/patientOutbox.ts';
import type { SenderOptions } from './sender.ts';

export interface TelemetryOptions {
	/** False: nothing is sent; results are stored all the same. */
	enabled: boolean;
	/** First level of every topic. */
	root: string;
	/** Name of the box: the level after the version, and the client id. */
	box: string;
	/** What people call the box. Never a patient. */
	label: string;
	link: Omit<LinkOptions, 'clientId'>;
	sender: SenderOptions;
	store: LevelOutboxOptions & PatientOutboxOptions;
	health: HealthOptions;
	/** An unsent message older than this is an alert, milliseconds. */
	overdueMs: number;
	/** What was set aside is kept for so long, milliseconds. */
	keepAsideMs: number;
	/** How long `stop` tries to bring what is stored to the broker, milliseconds. */
	drainMs: number;
	/** A broker out of reach for this long is an alert (on the display page, and over MQTT until the link is back). */
	unreachableMs: number;
	/** The box's own certificate is an alert so long before its end. */
	certificateWarnMs: number;
}

export const telemetryDefaults: TelemetryOptions = {
	enabled: true,
	root: 'phlebox',
	box: 'box',
	label: '',
	link: {
		url: 'mqtt://127.0.0.1:1883',
		otherUrls: [],
		username: '',
		password: '',
		protocolVersion: 5,
		// A half-open connection is noticed after one and a half of these, or with the first unacknowledged message.
		keepaliveSeconds: 15,
		sessionExpirySeconds: 86_400,
		willDelaySeconds: 10,
		connectTimeoutMs: 10_000,
		publishTimeoutMs: 15_000,
		tls: { caFile: '', certFile: '', keyFile: '' },
		certificateWatchMs: 10_000,
		backoff: { minMs: 1000, maxMs: 120_000 },
		stableMs: 30_000,
	},
	sender: {
		// mqtt.js ignores the broker's Receive Maximum, and more than a round trip's worth gains nothing.
		window: 16,
		historicalAfterMs: 30_000,
		backoff: { minMs: 1000, maxMs: 120_000 },
	},
	store: {
		folder: '/var/lib/phlebox/outbox',
		// At about 1.5 kB a message, some 40 000 of them: years of a busy box.
		quotaBytes: 64 * 1024 * 1024,
		reserveBytes: 16 * 1024 * 1024,
		memoryMessages: 1000,
		retryMs: 5000,
	},
	health: { intervalMs: 30_000, partMs: 1000, clockJumpMs: 500 },
	overdueMs: 86_400_000,
	keepAsideMs: 365 * 86_400_000,
	drainMs: 5000,
	unreachableMs: 900_000,
	certificateWarnMs: 21 * 86_400_000,
};
