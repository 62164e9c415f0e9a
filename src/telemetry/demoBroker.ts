import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { PhleboxError } from '../errors.ts';

export interface DemoBrokerOptions {
	/** TCP port on 127.0.0.1; 0 takes a free one. */
	port: number;
}

/**
 * A broker inside the process, for the demo only: MQTT 3.1.1, on loopback, without credentials, and it keeps what is
 * retained in memory (aedes).
 */
export class DemoBroker {
	readonly #options: DemoBrokerOptions;
	readonly #sockets = new Set<Socket>();
	#broker: Aedes | null = null;
	#server: Server | null = null;

	constructor(options: DemoBrokerOptions) {
		this.#options = options;
	}

	/**
	 * Returns the port.
	 * @throws PhleboxError port-taken
	 */
	async start(): Promise<number> {
		const { port } = this.#options;
		const broker = await Aedes.createBroker();
		const server = createServer((socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => this.#sockets.delete(socket));
			broker.handle(socket);
		});
		this.#broker = broker;
		this.#server = server;
		server.listen(port, '127.0.0.1');
		try {
			await once(server, 'listening');
		} catch (error) {
			await this.stop();
			throw new PhleboxError(
				'port-taken',
				`port ${port} for the embedded MQTT broker cannot be used (${(error as NodeJS.ErrnoException).code}): give another with --mqtt-port, or 0 for any free one`,
				{ cause: error },
			);
		}
		return (server.address() as { port: number }).port;
	}

	/** Breaks off all connections. May be called more than once. */
	async stop(): Promise<void> {
		const broker = this.#broker;
		const server = this.#server;
		this.#broker = null;
		this.#server = null;
		for (const socket of this.#sockets) socket.destroy();
		if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
		if (broker) await new Promise<void>((resolve) => broker.close(() => resolve()));
	}
}
