import { request } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { lightTable } from '../../src/indicator/lightTable.ts';
import { shownWords } from '../../src/indicator/shown.ts';
import { WebServer } from '../../src/web/server.ts';
import { FakeBox, vesselPicture } from './fakeBox.ts';

async function served(t: ExecutionContext, host = '127.0.0.1'): Promise<{ box: FakeBox; url: string }> {
	const box = new FakeBox();
	const server = new WebServer({ host, port: 0 }, box);
	const url = await server.start();
	t.teardown(() => server.stop());
	return { box, url };
}

function post(url: string, name: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
	return fetch(`${url}api/exam/${name}`, {
		method: 'POST',
		...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
	});
}

/** fetch sets Host by itself; here a test chooses it. */
function statusFor(url: string, host: string, path = '/api/preview'): Promise<number> {
	const { port } = new URL(url);
	return new Promise((resolve, reject) => {
		request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
			response.resume();
			resolve(response.statusCode!);
		})
			.on('error', reject)
			.end();
	});
}

test('the state is served with the moment it was read', async (t) => {
	const { box, url } = await served(t);
	box.guide('hold');
	const response = await fetch(`${url}api/state`);
	const { atMs, ...state } = (await response.json()) as { atMs: number };
	t.deepEqual(state, JSON.parse(JSON.stringify(box.current)));
	t.true(atMs > 0);
	t.is(response.headers.get('cache-control'), 'no-store');
});

test('the timing of frames is served, stage by stage', async (t) => {
	const { box, url } = await served(t);
	t.deepEqual(await (await fetch(`${url}api/timing`)).json(), JSON.parse(JSON.stringify(box.times)));
});

test('the light table is served whole, with the names of the sites', async (t) => {
	const { url } = await served(t);
	const { lights, sites } = (await (await fetch(`${url}api/lights`)).json()) as {
		lights: typeof lightTable;
		sites: Record<string, string>;
	};
	t.deepEqual(Object.keys(lights).sort(), [...shownWords].sort());
	t.deepEqual(lights.captured, JSON.parse(JSON.stringify(lightTable.captured)));
	t.is(sites.fv, 'upper thigh, femoral vein');
});

test('every file that the page names is served with its type', async (t) => {
	const { url } = await served(t);
	const page = await fetch(url);
	t.is(page.headers.get('content-type'), 'text/html; charset=utf-8');
	t.regex(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
	const wanted = [...(await page.text()).matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1]!);
	const seen = new Set<string>();
	while (wanted.length > 0) {
		const name = wanted.pop()!;
		if (seen.has(name)) continue;
		seen.add(name);
		const file = await fetch(`${url}${name}`);
		t.is(file.status, 200, name);
		for (const match of (await file.text()).matchAll(/from '\.\/([^']+)'/g)) wanted.push(match[1]!);
	}
	t.true(seen.has('validity.js'), [...seen].join());
});

test('each command reaches the box as it was given', async (t) => {
	const { box, url } = await served(t);
	for (const [name, body] of [
		['start', undefined],
		['start', { side: 'left' }],
		['end', {}],
		['cancel', {}],
		['side', { side: 'right' }],
	] as const)
		t.is((await post(url, name, body)).status, 202, name);
	t.deepEqual(box.commands, [
		{ name: 'start' },
		{ name: 'start', side: 'left' },
		{ name: 'end' },
		{ name: 'cancel' },
		{ name: 'side', side: 'right' },
	]);
});

for (const [what, name, body, status, says] of [
	['an unknown command', 'diagnose', {}, 400, /no command diagnose; there are start, end, cancel, side/],
	['a command with the name of something inherited', 'constructor', {}, 400, /no command constructor/],
	['an unknown side', 'side', { side: 'both' }, 400, /side has to be one of left, right, unknown/],
	['a missing side', 'side', {}, 400, /side/],
	['an unknown key', 'end', { now: true }, 400, /now/],
	['a body that is a list', 'start', [], 400, /start/],
	['a body that is no JSON', 'start', '{"side":', 400, /JSON/],
	['a body that is too large', 'start', { side: 'x'.repeat(2000) }, 413, /large/],
] as const)
	test(`${what} is refused in one line`, async (t) => {
		const { box, url } = await served(t);
		const response = await post(url, name, body);
		const { error } = (await response.json()) as { error: string };
		t.is(response.status, status);
		t.regex(error, says);
		t.notRegex(error, /\n/);
		t.deepEqual(box.commands, []);
	});

test('a command that no vision thread can obey is answered with 409', async (t) => {
	const { box, url } = await served(t);
	box.obeys = false;
	t.is((await post(url, 'start')).status, 409);
});

test('the preview is the scan area, byte for byte, and nothing while there is none', async (t) => {
	const { box, url } = await served(t);
	const none = await fetch(`${url}api/preview`);
	t.is(none.status, 204);
	t.is((await none.arrayBuffer()).byteLength, 0);
	box.picture = vesselPicture();
	const some = await fetch(`${url}api/preview`);
	t.is(some.status, 200);
	t.deepEqual(
		['x-width', 'x-height', 'x-aspect'].map((name) => some.headers.get(name)),
		['320', '240', '1.3333'],
	);
	t.deepEqual(new Uint8Array(await some.arrayBuffer()), box.picture.pixels);
});

test('an address that is taken is one error with what to do', async (t) => {
	const { url } = await served(t);
	const second = new WebServer({ host: '127.0.0.1', port: Number(new URL(url).port) }, new FakeBox());
	const error = await t.throwsAsync(second.start(), { code: 'port-taken' });
	t.regex(error!.message, /EADDRINUSE.*--web-port/);
	await t.notThrowsAsync(second.stop());
});

test('a host that a box on loopback cannot have is refused', async (t) => {
	const { box, url } = await served(t);
	box.picture = vesselPicture();
	const { port } = new URL(url);
	for (const host of ['evil.example', `evil.example:${port}`, '192.0.2.7', 'localhost.evil.example'])
		for (const path of ['/', '/api/state', '/api/preview', '/api/events'])
			t.is(await statusFor(url, host, path), 421, `${host} ${path}`);
	for (const host of [`127.0.0.1:${port}`, 'localhost', `[::1]:${port}`]) t.is(await statusFor(url, host), 200, host);
});

test('another page may neither command nor read', async (t) => {
	const { box, url } = await served(t);
	for (const origin of ['http://evil.example', 'null', url.replace('http:', 'https:').slice(0, -1)])
		t.is((await post(url, 'end', {}, { origin })).status, 403, origin);
	t.is((await fetch(`${url}api/state`, { headers: { origin: 'http://evil.example' } })).status, 403);
	t.deepEqual(box.commands, []);
	t.is((await post(url, 'end', {}, { origin: url.slice(0, -1) })).status, 202);
});

test('what is not there is said in one line', async (t) => {
	const { url } = await served(t);
	const response = await fetch(`${url}etc/passwd`);
	t.is(response.status, 404);
	t.deepEqual(await response.json(), { error: 'there is no /etc/passwd' });
	t.is((await fetch(`${url}health`)).status, 204);
});
