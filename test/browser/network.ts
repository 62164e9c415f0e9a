import { connect, createServer, type Socket } from 'node:net';

/** The network between page and box: hands everything on, late if a test wants it so. */
export class Network {
	/** For how long what the box says is held back, milliseconds; Infinity: for good, with the connections open. */
	delayMs = 0;
	readonly #sockets = new Set<Socket>();
	readonly #server = createServer((socket) => this.#join(socket));
	readonly #port: number;

	/** @param port of the box */
	constructor(port: number) {
		this.#port = port;
	}

	open(): Promise<string> {
		return new Promise((resolve) =>
			this.#server.listen(0, '127.0.0.1', () => {
				const address = this.#server.address();
				resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
			}),
		);
	}

	close(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}

	#join(page: Socket): void {
		const box = connect(this.#port, '127.0.0.1');
		page.setNoDelay(true);
		for (const socket of [page, box]) {
			this.#sockets.add(socket);
			socket.on('error', () => socket.destroy());
			socket.on('close', () => {
				this.#sockets.delete(socket);
				page.destroy();
				box.destroy();
			});
		}
		page.on('data', (bytes) => box.write(bytes));
		box.on('data', (bytes) => {
			if (this.delayMs === 0) page.write(bytes);
			else if (this.delayMs < Number.POSITIVE_INFINITY)
				setTimeout(() => page.writable && page.write(bytes), this.delayMs);
		});
	}
}
