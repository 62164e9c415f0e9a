import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { packetsOf } from './packets.ts';

export type Way = 'up' | 'down';

/**
 * A line between box and broker whose faults a test turns on and off. What is turned on holds for the connections there are
 * and those to come, unless it says otherwise.
 */
export class FaultProxy {
	port = 0;
	/** Bytes of this way are kept, and come when it is let go. */
	readonly #held: Record<Way, boolean> = { up: false, down: false };
	/** Bytes of this way vanish; the connection stays. */
	readonly swallow: Record<Way, boolean> = { up: false, down: false };
	/** New connections are broken off at once. */
	refuse = false;
	/** Bytes at a time, with a pause between; 0 for all at once. */
	readonly pieces: Record<Way, { bytes: number; pauseMs: number }> = {
		up: { bytes: 0, pauseMs: 0 },
		down: { bytes: 0, pauseMs: 0 },
	};
	/** Changes the packets that came from the broker. */
	rewrite: ((packets: Buffer[]) => Buffer[]) | null = null;
	/** Connections that came through so far. */
	connections = 0;
	readonly #target: number;
	readonly #lines = new Set<Line>();

	private constructor(target: number) {
		this.#target = target;
	}

	static async start(t: ExecutionContext, target: number): Promise<FaultProxy> {
		const proxy = new FaultProxy(target);
		const server = createServer({ noDelay: true }, (box) => proxy.#serve(box)).listen(0, '127.0.0.1');
		await once(server, 'listening');
		proxy.port = (server.address() as { port: number }).port;
		t.teardown(() => {
			proxy.reset();
			server.close();
		});
		return proxy;
	}

	get url(): string {
		return `mqtt://127.0.0.1:${this.port}`;
	}

	hold(way: Way): void {
		this.#held[way] = true;
	}

	letGo(): void {
		this.#held.up = false;
		this.#held.down = false;
		for (const line of this.#lines) line.flush();
	}

	held(way: Way): boolean {
		return this.#held[way];
	}

	/** Bytes that are kept back now. */
	heldBytes(way: Way): number {
		let bytes = 0;
		for (const line of this.#lines) bytes += line.waiting[way].length;
		return bytes;
	}

	/** Breaks every connection off, with what is held back. */
	reset(): void {
		for (const line of this.#lines) line.end();
		this.#lines.clear();
	}

	/** Lets so many more bytes of a way through on the present connections, then breaks them off. */
	cutAfter(way: Way, bytes: number): void {
		for (const line of this.#lines) line.left[way] = bytes;
	}

	#serve(box: Socket): void {
		if (this.refuse) {
			box.resetAndDestroy();
			return;
		}
		this.connections += 1;
		const line = new Line(this, box, connect({ port: this.#target, host: '127.0.0.1', noDelay: true }), () =>
			this.#lines.delete(line),
		);
		this.#lines.add(line);
	}
}

class Line {
	readonly waiting: Record<Way, Buffer> = { up: Buffer.alloc(0), down: Buffer.alloc(0) };
	readonly left: Record<Way, number> = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
	readonly #proxy: FaultProxy;
	readonly #ends: Record<Way, Socket>;
	readonly #gone: () => void;
	readonly #turns: Record<Way, Promise<void>> = { up: Promise.resolve(), down: Promise.resolve() };
	#partial = Buffer.alloc(0);

	constructor(proxy: FaultProxy, box: Socket, broker: Socket, gone: () => void) {
		this.#proxy = proxy;
		this.#ends = { up: broker, down: box };
		this.#gone = gone;
		box.on('data', (bytes) => this.#take('up', bytes));
		broker.on('data', (bytes) => this.#take('down', this.#rewritten(bytes)));
		for (const socket of [box, broker]) {
			socket.on('error', () => {});
			socket.on('close', () => this.end());
		}
	}

	flush(): void {
		for (const way of ['up', 'down'] as const) {
			const bytes = this.waiting[way];
			this.waiting[way] = Buffer.alloc(0);
			this.#pass(way, bytes);
		}
	}

	end(): void {
		this.#ends.up.resetAndDestroy();
		this.#ends.down.resetAndDestroy();
		this.#gone();
	}

	#take(way: Way, bytes: Buffer): void {
		if (this.#proxy.swallow[way]) return;
		if (this.#proxy.held(way)) this.waiting[way] = Buffer.concat([this.waiting[way], bytes]);
		else this.#pass(way, bytes);
	}

	#pass(way: Way, bytes: Buffer): void {
		const through = bytes.subarray(0, Math.min(bytes.length, this.left[way]));
		this.left[way] -= through.length;
		const last = this.left[way] <= 0;
		this.#turns[way] = this.#turns[way].then(async () => {
			await this.#write(way, through);
			if (last) this.end();
		});
	}

	async #write(way: Way, bytes: Buffer): Promise<void> {
		const { bytes: size, pauseMs } = this.#proxy.pieces[way];
		const to = this.#ends[way];
		if (size === 0) {
			to.write(bytes);
			return;
		}
		for (let at = 0; at < bytes.length && !to.destroyed; at += size) {
			to.write(bytes.subarray(at, at + size));
			await sleep(pauseMs);
		}
	}

	#rewritten(bytes: Buffer): Buffer {
		const { rewrite } = this.#proxy;
		if (!rewrite) return bytes;
		const { packets, rest } = packetsOf(Buffer.concat([this.#partial, bytes]));
		this.#partial = Buffer.from(rest);
		return Buffer.concat(rewrite(packets));
	}
}
