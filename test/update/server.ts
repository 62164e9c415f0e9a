import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Answers in its own way, or returns false for a plain answer. */
export type Misbehaviour = (path: string, response: ServerResponse, request: IncomingMessage) => boolean;

/** A web server that serves a repository's folder, as any does, unless it is told to misbehave. */
export class RepositoryServer {
	readonly #folder: string;
	readonly #server: Server;
	misbehave: Misbehaviour = () => false;
	/** Bytes of bodies under targets/ that were handed to the link. */
	sent = 0;
	/** The link breaks after so many bytes of a body. */
	cutAfter = Number.POSITIVE_INFINITY;
	ranges = true;

	constructor(folder: string) {
		this.#folder = folder;
		this.#server = createServer((request, response) => this.#answer(request, response));
	}

	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	stop(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		const path = request.url!.slice(1);
		if (this.misbehave(path, response, request)) return;
		const file = join(this.#folder, path);
		if (!existsSync(file)) {
			response.writeHead(404).end();
			return;
		}
		const { size } = statSync(file);
		const from = this.ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
		const headers = { 'content-length': size - from };
		if (from > 0) response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${size - 1}/${size}` });
		else response.writeHead(200, headers);
		const end = Math.min(size, from + this.cutAfter);
		if (path.startsWith('targets/')) this.sent += end - from;
		if (end === size) createReadStream(file, { start: from }).pipe(response);
		// All of it gets out before the link breaks.
		else response.write(readFileSync(file).subarray(from, end), () => setImmediate(() => response.destroy()));
	}
}
