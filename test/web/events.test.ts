import { connect, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { PageState } from '../../src/web/pageState.ts';
import { WebServer } from '../../src/web/server.ts';
import { FakeBox } from './fakeBox.ts';

type Heard = PageState & { atMs: number };

async function served(t: ExecutionContext) {
	const box = new FakeBox();
	const server = new WebServer({ host: '127.0.0.1', port: 0 }, box);
	const url = await server.start();
	t.teardown(() => server.stop());
	return { box, server, url };
}

async function listen(t: ExecutionContext, url: string): Promise<AsyncIterator<Heard>> {
	const stop = new AbortController();
	t.teardown(() => stop.abort());
	const response = await fetch(`${url}api/events`, { signal: stop.signal });
	t.is(response.headers.get('content-type'), 'text/event-stream');
	return events(response)[Symbol.asyncIterator]();
}

async function* events(response: Response): AsyncGenerator<Heard> {
	let text = '';
	const decoder = new TextDecoder();
	for await (const chunk of response.body!) {
		text += decoder.decode(chunk as Uint8Array, { stream: true });
		const blocks = text.split('\n\n');
		text = blocks.pop()!;
		for (const block of blocks) {
			const line = block.split('\n').find((each) => each.startsWith('data: '));
			if (line) yield JSON.parse(line.slice(6)) as Heard;
		}
	}
}

async function next(stream: AsyncIterator<Heard>): Promise<Heard> {
	const { value, done } = await stream.next();
	if (done) throw new Error('the stream ended');
	return value;
}

test('a listener hears the state at once', async (t) => {
	const { box, url } = await served(t);
	box.guide('press');
	t.is((await next(await listen(t, url))).guidance, 'press');
});

test('a change is heard, and so is its end', async (t) => {
	const { box, url } = await served(t);
	const stream = await listen(t, url);
	await next(stream);
	for (const guidance of ['hold', 'captured', 'dont-know'] as const) {
		box.guide(guidance);
		let heard = await next(stream);
		for (let tries = 0; heard.guidance !== guidance && tries < 20; tries++) heard = await next(stream);
		t.is(heard.guidance, guidance);
	}
});

test('without any change there are signs of life, each with its own moment', async (t) => {
	const { url } = await served(t);
	const stream = await listen(t, url);
	const moments: number[] = [];
	for (let i = 0; i < 5; i++) moments.push((await next(stream)).atMs);
	t.deepEqual(
		moments,
		[...moments].sort((a, b) => a - b),
	);
	t.is(new Set(moments).size, 5);
});

test('with nobody listening the box is not asked', async (t) => {
	const { box, url } = await served(t);
	let asked = 0;
	const state = box.state.bind(box);
	box.state = () => {
		asked++;
		return state();
	};
	const stop = new AbortController();
	const response = await fetch(`${url}api/events`, { signal: stop.signal });
	await response.body!.getReader().read();
	stop.abort();
	await after(150);
	const before = asked;
	await after(150);
	t.true(before > 0);
	t.is(asked, before);
});

test('a listener that takes nothing is dropped, and the others hear on', async (t) => {
	const { box, url } = await served(t);
	// So large that the buffers of the operating system are soon full.
	box.set({ trouble: 'x'.repeat(2_000_000) });
	const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
	t.teardown(() => socket.destroy());
	socket.write('GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
	socket.pause();
	await after(600);
	box.set({ trouble: null });
	const stream = await listen(t, url);
	t.is((await next(stream)).guidance, 'searching');
	let received = 0;
	socket.on('data', (chunk) => {
		received += chunk.length;
	});
	const closed = new Promise((resolve) => socket.once('close', resolve));
	socket.on('error', () => {});
	socket.resume();
	await closed;
	t.true(received < 20_000_000, `${received} bytes`);
	await next(stream);
});

test('the seventeenth listener is refused, and let in when another has gone', async (t) => {
	const { url } = await served(t);
	const stops = Array.from({ length: 16 }, () => new AbortController());
	t.teardown(() => {
		for (const stop of stops) stop.abort();
	});
	// Kept: a response that nobody holds is collected, and its connection closed.
	const responses: Response[] = [];
	for (const { signal } of stops) responses.push(await fetch(`${url}api/events`, { signal }));
	t.true(responses.every(({ status }) => status === 200));
	t.is((await fetch(`${url}api/events`)).status, 503);
	stops[0]!.abort();
	await after(100);
	await next(await listen(t, url));
	t.is(responses.length, 16);
});

test('stop ends although listeners are there, and ends their streams', async (t) => {
	const { server, url } = await served(t);
	const streams = [await listen(t, url), await listen(t, url)];
	for (const stream of streams) await next(stream);
	const ended = Promise.all(
		streams.map(async (stream) => {
			try {
				while (!(await stream.next()).done);
			} catch {
				// Cut off is ended too.
			}
		}),
	);
	const outcome = await Promise.race([server.stop().then(() => 'stopped'), after(2000, 'still there', { ref: false })]);
	t.is(outcome, 'stopped');
	await ended;
	await t.throwsAsync(fetch(`${url}api/state`));
	await t.notThrowsAsync(server.stop());
});
