import { setTimeout as after } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { WebServer } from '../../src/web/server.ts';
import { openChromium, withoutChromium } from './chromium.ts';
import { guide, openPage, shows } from './openPage.ts';

let browser: Browser | null = null;
test.after.always(() => browser?.close());

async function chromium(t: ExecutionContext): Promise<Browser | null> {
	if (withoutChromium(t)) return null;
	browser ??= await openChromium();
	return browser;
}

function seen(page: Page) {
	return page.evaluate(() => ({
		word: document.getElementById('word')!.textContent,
		sentence: document.getElementById('sentence')!.textContent,
		landmark: document.getElementById('landmark')!.textContent,
		picture: !document.getElementById('canvas')!.hidden,
		green: getComputedStyle(document.getElementById('light')!).backgroundColor === 'rgb(0, 158, 115)',
		can: document.getElementById('left')!.getAttribute('aria-disabled') === 'false',
	}));
}

const withheld = { word: "DON'T KNOW", landmark: "don't know", picture: false, green: false };

/** Notes in the page when its word changes, on the page's clock, and for how long at most the page itself stood still. */
async function watchWord(page: Page): Promise<void> {
	await page.evaluate(() => {
		const word = document.getElementById('word')!;
		const notes: { word: string; atMs: number }[] = [];
		Object.assign(globalThis, { notes, stoodMs: 0 });
		const watched = globalThis as unknown as { stoodMs: number };
		let lastMs = performance.now();
		setInterval(() => {
			const nowMs = performance.now();
			watched.stoodMs = Math.max(watched.stoodMs, nowMs - lastMs - 20);
			lastMs = nowMs;
		}, 20);
		new MutationObserver(() => notes.push({ word: word.textContent!, atMs: performance.now() })).observe(word, {
			childList: true,
			characterData: true,
			subtree: true,
		});
	});
}

test.serial('when the box is gone the page says so within half a second, and nothing of before is left', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window, { patient: false });
	await guide(open, 'captured');
	t.like(await seen(open.page), { word: 'CAPTURED', green: true, picture: true, can: true });
	await watchWord(open.page);
	const killedMs = await open.page.evaluate(() => performance.now());
	await open.server.stop();
	await shows(open.page, 'dont-know');
	const { atMs, stoodMs } = await open.page.evaluate(() => {
		const { notes, stoodMs } = globalThis as unknown as { notes: { atMs: number }[]; stoodMs: number };
		return { atMs: notes[0]!.atMs, stoodMs };
	});
	t.true(atMs - killedMs < 500 + stoodMs, `${atMs - killedMs} ms, of which the page stood still for up to ${stoodMs}`);
	t.like(await seen(open.page), { ...withheld, sentence: 'Connection to the box lost', can: false });
	await open.page.locator('#left').click({ force: true });
	t.regex((await open.page.locator('#notice').textContent())!, /nothing was sent/);
});

test.serial('a box that stands still with its connection open is a lost box too', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window, { patient: false });
	await guide(open, 'captured');
	open.network.delayMs = Number.POSITIVE_INFINITY;
	// First the result expires, then the connection is taken for lost.
	await open.page.getByText('Connection to the box lost').waitFor({ timeout: 5000 });
	t.like(await seen(open.page), { ...withheld, can: false });
	// Longer than the page waits for a word on a connection that it takes for open.
	await after(2600);
	open.network.delayMs = 0;
	await shows(open.page, 'captured');
});

test.serial('when the box is back the page follows by itself', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window, { patient: false });
	await guide(open, 'captured');
	await open.server.stop();
	await shows(open.page, 'dont-know');
	const again = new WebServer({ host: '127.0.0.1', port: open.port }, open.box);
	await again.start();
	t.teardown(() => again.stop());
	open.box.guide('press');
	await shows(open.page, 'press');
	t.like(await seen(open.page), { word: 'PRESS', can: true });
});

test.serial('an expired result is never shown, although the box speaks on', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window, { patient: false });
	await guide(open, 'captured');
	// A box that repeats an old result: the page's own expiry has to end it.
	open.box.set({ validForMs: 0 });
	await shows(open.page, 'dont-know');
	t.like(await seen(open.page), { ...withheld, sentence: 'The box has no fresh result. Wait a moment.', can: true });
});

test.serial('events that were long on their way are taken for as old as they are', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window, { patient: false });
	await guide(open, 'captured');
	open.network.delayMs = 1000;
	await shows(open.page, 'dont-know');
	const before = await open.page.evaluate(() => performance.getEntriesByType('resource').length);
	// The late events arrive now, one after the other, each with a result that was fresh when it was sent.
	await watchWord(open.page);
	await after(2500);
	t.deepEqual(await open.page.evaluate(() => (globalThis as unknown as { notes: unknown[] }).notes), []);
	t.true((await open.page.evaluate(() => performance.getEntriesByType('resource').length)) > before, 'it did hear');
	t.like(await seen(open.page), withheld);
});

test.serial('a page that was out of sight shows don’t know before anything else', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window, { patient: false });
	await guide(open, 'captured');
	await open.page.evaluate(() => {
		Object.defineProperty(document, 'hidden', { configurable: true, value: true });
		document.dispatchEvent(new Event('visibilitychange'));
	});
	t.like(await seen(open.page), withheld);
	await after(300);
	t.like(await seen(open.page), withheld, 'and goes on so while it is');
	const first = await open.page.evaluate(() => {
		Object.defineProperty(document, 'hidden', { configurable: true, value: false });
		document.dispatchEvent(new Event('visibilitychange'));
		return document.getElementById('word')!.textContent;
	});
	t.is(first, "DON'T KNOW");
	await shows(open.page, 'captured');
});

test.serial('a script that hangs cannot keep a result on the screen', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window, { patient: false });
	await guide(open, 'captured');
	const session = await open.page.context().newCDPSession(open.page);
	let screen = '';
	session.on('Page.screencastFrame', ({ data, sessionId }) => {
		screen = data;
		session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
	});
	await session.send('Page.startScreencast', { format: 'png' });
	await after(500);
	const before = screen;
	const hung = open.page.evaluate(() => {
		const endMs = performance.now() + 2000;
		while (performance.now() < endMs);
	});
	await after(1500);
	const meanwhile = screen;
	await hung;
	await session.send('Page.stopScreencast');
	t.true((await greenPixels(open.page, before)) > 20_000, 'it was green');
	t.is(await greenPixels(open.page, meanwhile), 0);
	await shows(open.page, 'captured');
});

/** Pixels of a picture (PNG, base64) that are clearly green. */
function greenPixels(page: Page, png: string): Promise<number> {
	return page.evaluate(async (data) => {
		const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
		const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
		const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
		context.drawImage(bitmap, 0, 0);
		const { data: pixels } = context.getImageData(0, 0, bitmap.width, bitmap.height);
		let count = 0;
		for (let i = 0; i < pixels.length; i += 4)
			if (pixels[i + 1]! > pixels[i]! + 40 && pixels[i + 1]! > pixels[i + 2]! + 20) count++;
		return count;
	}, png);
}
