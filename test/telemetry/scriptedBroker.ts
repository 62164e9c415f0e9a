import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

/** What a scripted broker answers. Reason codes of MQTT 5; null: nothing at all. */
export interface Script {
	connack?: () => number | null;
	/** Properties of CONNACK, encoded. */
	properties?: number[];
	puback?: (topic: string, payload: string) => number | null;
}

/** Receive Maximum and Maximum Packet Size as CONNACK properties (MQTT 5.0, 3.2.2.3). */
export const receiveMaximum = (count: number) => [0x21, count >> 8, count & 255];
export const maximumPacketSize = (bytes: number) => [0x27, 0, 0, bytes >> 8, bytes & 255];

/**
 * Answers that no real broker can be brought to give, spoken in as much of MQTT 5 as that takes. Tests that can use a real
 * broker do.
 */
export class ScriptedBroker {
	readonly script: Script;
	readonly published: { topic: string; payload: string }[] = [];
	readonly connects: number[] = [];
	port = 0;
	#sockets = new Set<Socket>();

	private constructor(script: Script) {
		this.script = script;
	}

	static async start(t: ExecutionContext, script: Script): Promise<ScriptedBroker> {
		const broker = new ScriptedBroker(script);
		const server = createServer((socket) => broker.#serve(socket)).listen(0, '127.0.0.1');
		await once(server, 'listening');
		broker.port = (server.address() as { port: number }).port;
		t.teardown(() => {
			for (const socket of broker.#sockets) socket.destroy();
			server.close();
		});
		return broker;
	}

	get url(): string {
		return `mqtt://127.0.0.1:${this.port}`;
	}

	/** Says DISCONNECT with a reason code to everyone. */
	disconnect(reasonCode: number): void {
		for (const socket of this.#sockets) socket.write(Buffer.from([0xe0, 2, reasonCode, 0]));
	}

	#serve(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on('close', () => this.#sockets.delete(socket));
		socket.on('error', () => {});
		let buffer = Buffer.alloc(0);
		socket.on('data', (bytes: Buffer) => {
			buffer = Buffer.concat([buffer, bytes]);
			for (;;) {
				const packet = takePacket(buffer);
				if (!packet) return;
				buffer = buffer.subarray(packet.length);
				this.#answer(socket, packet.type, packet.flags, packet.body);
			}
		});
	}

	#answer(socket: Socket, type: number, flags: number, body: Buffer): void {
		if (type === 1) {
			this.connects.push(performance.now());
			const code = this.script.connack ? this.script.connack() : 0;
			if (code === null) return;
			const properties = this.script.properties ?? [];
			socket.write(Buffer.from([0x20, 3 + properties.length, 0, code, properties.length, ...properties]));
		} else if (type === 3) {
			const topicLength = body.readUInt16BE(0);
			const topic = body.subarray(2, 2 + topicLength).toString();
			const qos = (flags >> 1) & 3;
			const afterId = 2 + topicLength + (qos > 0 ? 2 : 0);
			const payload = body.subarray(afterId + 1 + body[afterId]!).toString();
			this.published.push({ topic, payload });
			const code = this.script.puback ? this.script.puback(topic, payload) : 0;
			if (qos > 0 && code !== null)
				socket.write(Buffer.from([0x40, 4, body[2 + topicLength]!, body[3 + topicLength]!, code, 0]));
		} else if (type === 12) socket.write(Buffer.from([0xd0, 0]));
		else if (type === 14) socket.end();
	}
}

function takePacket(buffer: Buffer) {
	let length = 0;
	let at = 1;
	for (let shift = 0; ; shift += 7) {
		const byte = buffer[at];
		if (byte === undefined) return null;
		at += 1;
		length += (byte & 127) << shift;
		if (byte < 128) break;
	}
	if (buffer.length < at + length) return null;
	return { type: buffer[0]! >> 4, flags: buffer[0]! & 15, body: buffer.subarray(at, at + length), length: at + length };
}
