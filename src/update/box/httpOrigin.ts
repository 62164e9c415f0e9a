import { messageOf, PhleboxError } from '../../errors.ts';
import type { Origin, OriginLimits, Part } from './origin.ts';

/** A repository on a web server. Follows no redirects: what is signed is where it was said to be. */
export class HttpOrigin implements Origin {
	readonly name: string;
	readonly #limits: OriginLimits;

	constructor(base: URL, limits: OriginLimits) {
		this.name = base.href.endsWith('/') ? base.href : `${base.href}/`;
		this.#limits = limits;
	}

	async read(file: string, maxBytes: number): Promise<Buffer | null> {
		const part = await this.#get(file, 0, AbortSignal.timeout(this.#limits.readMs));
		if (!part) return null;
		const chunks: Uint8Array[] = [];
		let length = 0;
		try {
			for await (const chunk of part.bytes) {
				length += chunk.length;
				if (length > maxBytes)
					throw new PhleboxError(
						'update-rejected',
						`${this.name}${file} has more than the ${maxBytes} bytes that are taken`,
					);
				chunks.push(chunk);
			}
		} catch (error) {
			throw error instanceof PhleboxError ? error : this.#lost(file, error);
		}
		return Buffer.concat(chunks);
	}

	open(file: string, from: number): Promise<Part | null> {
		return this.#get(file, from, null);
	}

	async #get(file: string, from: number, deadline: AbortSignal | null, again = resets): Promise<Part | null> {
		const silence = new AbortController();
		const hushed = () => silence.abort(new Error(`nothing came for ${this.#limits.silenceMs} ms`));
		let timer = setTimeout(hushed, this.#limits.silenceMs);
		let response: Response;
		try {
			response = await fetch(this.name + file, {
				redirect: 'manual',
				signal: deadline ? AbortSignal.any([silence.signal, deadline]) : silence.signal,
				// Compressed on the way, a part would not be a part of the file.
				headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
			});
		} catch (error) {
			clearTimeout(timer);
			// A server may close a connection just as it is used once more; that says nothing about the link.
			if (again > 0 && wasReset(error)) return this.#get(file, from, deadline, again - 1);
			throw this.#lost(file, error);
		}
		const begin = beginOf(response, from);
		if (begin === null || !response.body) {
			clearTimeout(timer);
			await response.body?.cancel().catch(() => undefined);
			// 403: what object stores answer where there is nothing and listing is not allowed.
			if (response.status === 404 || response.status === 403) return null;
			throw this.#lost(file, new Error(`the server answers ${response.status}`));
		}
		const body = response.body;
		async function* bytes() {
			try {
				for await (const chunk of body) {
					clearTimeout(timer);
					timer = setTimeout(hushed, limits.silenceMs);
					yield chunk;
				}
			} finally {
				clearTimeout(timer);
			}
		}
		const limits = this.#limits;
		return { from: begin, bytes: bytes() };
	}

	#lost(file: string, error: unknown): PhleboxError {
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
		return new PhleboxError('update-unreachable', `${this.name}${file} cannot be fetched: ${messageOf(cause)}`, {
			cause,
		});
	}
}

/** How often a request is made anew whose connection was closed before any answer. */
const resets = 2;

function wasReset(error: unknown): boolean {
	const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
	return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(cause?.code ?? '');
}

/** Where the bytes of an answer begin in the file; null where the answer holds none of it. */
function beginOf(response: Response, asked: number): number | null {
	if (response.status === 200) return 0;
	if (response.status === 206 && asked > 0) {
		const begin = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
		return begin === undefined ? null : Number(begin);
	}
	return null;
}
