import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { messageOf, PhleboxError } from '../errors.ts';
import { lightTable } from '../indicator/lightTable.ts';
import { siteNames } from '../indicator/siteName.ts';
import type { BoxView } from './boxView.ts';
import { EventStream, timed } from './eventStream.ts';
import { examCommand } from './examRequest.ts';
import { foreignHost } from './hostCheck.ts';
import { type PageFile, readPage } from './pageFiles.ts';

export interface WebOptions {
	host: string;
	/** TCP port; 0 takes any free one. */
	port: number;
}

const headers = {
	'content-security-policy':
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'cross-origin-resource-policy': 'same-origin',
	'cache-control': 'no-store',
};

/**
 * The display page and the local API.
 *
 *     GET  /                 the page          GET  /api/state    what the light says now, as JSON
 *     GET  /api/events       the same as server-sent events, at every change and as a sign of life
 *     GET  /api/preview      luma of the scan area, bytes       GET /api/lights  words and patterns of the light
 *     GET  /api/info, /api/alerts, /api/timing                  GET /health      204 while the process lives
 *     GET  /metrics          the box for Prometheus
 *     POST /api/exam/start | end | cancel | side                body {"side": "left" | "right" | "unknown"}
 */
export class WebServer {
	readonly #options: WebOptions;
	readonly #view: BoxView;
	readonly #events: EventStream;
	#server: FastifyInstance | null = null;

	constructor(options: WebOptions, view: BoxView) {
		this.#options = options;
		this.#view = view;
		this.#events = new EventStream(() => view.state());
	}

	/**
	 * @returns the address to open
	 * @throws PhleboxError port-taken
	 */
	async start(): Promise<string> {
		const server = fastify({ bodyLimit: 1024, forceCloseConnections: true });
		this.#server = server;
		this.#guard(server);
		this.#pages(server, readPage());
		this.#api(server);
		const { host, port } = this.#options;
		try {
			await server.listen({ host, port });
		} catch (cause) {
			await this.stop();
			throw new PhleboxError(
				'port-taken',
				`cannot serve the display page on ${host}:${port} (${(cause as NodeJS.ErrnoException).code}); give another port with --web-port or web.port`,
				{ cause },
			);
		}
		const address = server.server.address();
		const taken = typeof address === 'object' && address ? address.port : port;
		return `http://${host.includes(':') ? `[${host}]` : host}:${taken}/`;
	}

	async stop(): Promise<void> {
		this.#events.close();
		await this.#server?.close();
		this.#server = null;
	}

	#guard(server: FastifyInstance): void {
		server.addHook('onRequest', async (request, reply) => {
			reply.headers(headers);
			const { origin, host } = request.headers;
			if (foreignHost(host, this.#options.host))
				return reply.code(421).send({ error: `this box does not answer for ${host}; open it by its IP address` });
			if (origin !== undefined && origin !== `http://${host}`)
				return reply.code(403).send({ error: 'only the box’s own page may do this' });
		});
		server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
			reply.code(error.statusCode ?? 500).send({ error: messageOf(error) }),
		);
		server.setNotFoundHandler((request, reply) => reply.code(404).send({ error: `there is no ${request.url}` }));
	}

	#pages(server: FastifyInstance, files: readonly PageFile[]): void {
		for (const { path, type, content } of files)
			server.get(path, (_request, reply) => reply.header('content-type', type).send(content));
	}

	#api(server: FastifyInstance): void {
		const view = this.#view;
		server.get('/health', (_request, reply) => reply.code(204).send());
		server.get('/api/state', () => timed(view.state()));
		server.get('/api/timing', () => view.timing());
		server.get('/api/info', () => view.info());
		server.get('/api/alerts', () => view.alerts());
		server.get('/metrics', (_request, reply) =>
			reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(view.metrics()),
		);
		server.get('/api/lights', () => ({ lights: lightTable, sites: siteNames }));
		server.get('/api/preview', (_request, reply) => this.#preview(reply));
		server.get('/api/events', { exposeHeadRoute: false }, (_request, reply) => {
			reply.hijack();
			this.#events.add(reply.raw);
		});
		server.post<{ Params: { name: string } }>('/api/exam/:name', (request, reply) => {
			const command = examCommand(request.params.name, request.body);
			if (typeof command === 'string') return reply.code(400).send({ error: command });
			if (!view.command(command)) return reply.code(409).send({ error: 'the box is not ready; try again in a moment' });
			return reply.code(202).send({ accepted: command });
		});
	}

	#preview(reply: FastifyReply): FastifyReply {
		const picture = this.#view.preview();
		if (!picture) return reply.code(204).send();
		const { width, height, aspect, sequence, pixels } = picture;
		return reply
			.header('content-type', 'application/octet-stream')
			.header('x-width', width)
			.header('x-height', height)
			.header('x-aspect', aspect.toFixed(4))
			.header('x-sequence', sequence)
			.send(Buffer.from(pixels));
	}
}
