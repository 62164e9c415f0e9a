import type { ServerResponse } from 'node:http';
import { monotonicMs } from '../clock.ts';
import type { PageState } from './pageState.ts';

const pollMs = 25;
/** Well under the shortest time a result is valid, so that the page never lacks a fresh one that the box has. */
const aliveMs = 50;
/** A client that has not taken this much would be shown the past: it is dropped, and connects anew. */
const mostWaitingBytes = 64 * 1024;
const mostClients = 16;
const reconnectMs = 500;

/** Server-sent events: the state at every change of what a person sees, and as a sign of life. */
export class EventStream {
	readonly #read: () => PageState;
	readonly #clients = new Set<ServerResponse>();
	#timer: NodeJS.Timeout | null = null;
	#seen = '';
	#sentMs = 0;

	constructor(read: () => PageState) {
		this.#read = read;
	}

	add(client: ServerResponse): void {
		if (this.#clients.size >= mostClients) {
			client.writeHead(503, { 'content-type': 'text/plain' }).end('too many pages are open\n');
			return;
		}
		client.writeHead(200, {
			'content-type': 'text/event-stream',
			'cache-control': 'no-store',
			'x-accel-buffering': 'no',
			'x-content-type-options': 'nosniff',
		});
		client.on('close', () => this.#drop(client));
		client.on('error', () => this.#drop(client));
		this.#clients.add(client);
		client.write(`retry: ${reconnectMs}\n\n${eventOf(this.#read())}`);
		this.#timer ??= setInterval(() => this.#look(), pollMs);
	}

	close(): void {
		for (const client of this.#clients) client.end();
		this.#clients.clear();
		this.#rest();
	}

	#look(): void {
		const state = this.#read();
		const seen = `${state.guidance} ${state.site} ${state.signal} ${state.scene} ${state.phase} ${state.side} ${state.landmark} ${state.examination} ${state.trouble} ${state.sites.map((site) => site.outcome).join()}`;
		const nowMs = monotonicMs();
		if (seen === this.#seen && nowMs - this.#sentMs < aliveMs) return;
		this.#seen = seen;
		this.#sentMs = nowMs;
		const event = eventOf(state);
		for (const client of this.#clients)
			if (client.writableLength > mostWaitingBytes) client.destroy();
			else client.write(event);
	}

	#drop(client: ServerResponse): void {
		this.#clients.delete(client);
		if (this.#clients.size === 0) this.#rest();
	}

	#rest(): void {
		if (this.#timer) clearInterval(this.#timer);
		this.#timer = null;
	}
}

/**
 * The state with the moment it was read, on the box's monotonic clock: a page that knows this clock can tell how long an
 * event was on its way, and takes that time off what it holds for.
 */
export function timed(state: PageState): PageState & { atMs: number } {
	return { ...state, atMs: monotonicMs() };
}

function eventOf(state: PageState): string {
	return `data: ${JSON.stringify(timed(state))}\n\n`;
}
