import { z } from 'zod';

const seconds = z.number().positive();

export const mqttSchema = z.strictObject({
	enabled: z.boolean().default(true).describe('Report over MQTT. Results are stored either way.'),
	url: z
		.string()
		.regex(/^(mqtt|mqtts):\/\/[^\s]+$/, 'mqtt://HOST[:PORT] or mqtts://HOST[:PORT]')
		.default('mqtt://127.0.0.1:1883')
		.describe('The broker.'),
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
});
