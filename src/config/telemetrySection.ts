import { z } from 'zod';

const seconds = z.number().positive();
const brokerUrl = z.string().regex(/^(mqtt|mqtts):\/\/[^\s]+$/, 'mqtt://HOST[:PORT] or mqtts://HOST[:PORT]');
const file = z.string().default('');

export const mqttSchema = z.strictObject({
	enabled: z.boolean().default(true).describe('Report over MQTT. Results are stored either way.'),
	url: brokerUrl.default('mqtt://127.0.0.1:1883').describe('The broker.'),
	otherUrls: z
		.array(brokerUrl)
		.max(8)
		.default([])
		.describe('Further brokers, tried in their order when the one before is out of reach.'),
	root: z
		.string()
		.regex(/^[^\s/+#]+(\/[^\s/+#]+)?$/, 'one or two topic levels without + and #')
		.default('phlebox')
		.describe('First level of every topic.'),
	protocol: z
		.union([z.literal(5), z.literal(4)])
		.default(5)
		.describe('MQTT version: 5, or 4 for MQTT 3.1.1 (brokers that know no 5).'),
	username: z.string().default('').describe('User name; empty for none.'),
	password: z.string().default('').describe('Password. Better set by the environment than written in a file.'),
	keepaliveSeconds: z
		.int()
		.min(2)
		.max(600)
		.default(15)
		.describe('A silent link is noticed after one and a half of these.'),
	sessionExpirySeconds: z
		.int()
		.min(0)
		.max(2_592_000)
		.default(86_400)
		.describe('How long the broker keeps commands for a box that is away (MQTT 5).'),
	willDelaySeconds: z
		.int()
		.min(0)
		.max(3600)
		.default(10)
		.describe('A box that is back within this time is never shown as lost (MQTT 5).'),
	tls: z
		.strictObject({
			caFile: file.describe('PEM: who signed the certificate of the broker; empty for the authorities Node knows.'),
			certFile: file.describe('PEM: the certificate of this box, for mutual TLS. Renewed files are used at once.'),
			keyFile: file.describe('PEM: its key.'),
			warnDays: z.number().min(0).max(365).default(21).describe('So long before its end it is an alert.'),
		})
		.prefault({}),
	snapshots: z
		.boolean()
		.default(false)
		.describe('Let a command over MQTT have a reduced picture of the scan area. Cannot be set over MQTT.'),
	healthSeconds: seconds.min(1).max(3600).default(30).describe('Interval of the health messages.'),
	publishSeconds: seconds
		.min(1)
		.max(300)
		.default(15)
		.describe('A publish that is not acknowledged by then is sent again.'),
	backoffMinSeconds: seconds
		.min(0.05)
		.max(60)
		.default(1)
		.describe('Longest wait before the first try to connect again.'),
	backoffMaxSeconds: seconds.min(1).max(3600).default(120).describe('Longest wait before any try to connect again.'),
});

export const storeSchema = z.strictObject({
	folder: z
		.string()
		.min(1)
		.default('/var/lib/phlebox')
		.describe('Folder of the durable store: results wait there until the broker has acknowledged them.'),
	quotaMiB: z
		.number()
		.min(1)
		.max(65_536)
		.default(64)
		.describe('Most that messages may take. Full, it takes no more; what it has is never dropped to make room.'),
	overdueHours: z
		.number()
		.positive()
		.max(8760)
		.default(24)
		.describe('A message that could not be sent for this long is an alert.'),
	keepAsideDays: z
		.number()
		.positive()
		.max(36_500)
		.default(365)
		.describe('A message the broker will never take is kept for this long, then written to the journal and dropped.'),
});
