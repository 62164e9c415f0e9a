import test, { type ExecutionContext } from 'ava';
import type { Browser } from 'playwright-core';
import { openChromium, withoutChromium } from './chromium.ts';
import { guide, openPage } from './openPage.ts';

let browser: Browser | null = null;
test.after.always(() => browser?.close());

async function chromium(t: ExecutionContext): Promise<Browser | null> {
	if (withoutChromium(t)) return null;
	browser ??= await openChromium();
	return browser;
}

const sizes = [
	{ width: 800, height: 480 },
	{ width: 1024, height: 600 },
	{ width: 1280, height: 720 },
	{ width: 1920, height: 1080 },
];

for (const viewport of sizes)
	test.serial(`at ${viewport.width} x ${viewport.height} all is seen without scrolling`, async (t) => {
		const window = await chromium(t);
		if (!window) return;
		const open = await openPage(t, window, { viewport });
		open.box.notes = [{ code: 'x', severity: 'warning', text: 'A line that is long. '.repeat(20) }];
		open.box.set({
			phase: 'over',
			sites: [
				{ site: 'sfj', outcome: 'not-captured' },
				{ site: 'fv', outcome: 'not-captured' },
				{ site: 'pop', outcome: 'not-seen' },
			],
		});
		// Its site has a tag, which takes room.
		await guide(open, 'captured');
		const seen = await open.page.evaluate(() => {
			const { scrollWidth, scrollHeight } = document.documentElement;
			const off = [...document.querySelectorAll('header, .said, .scan, li, button, #notice, #timing')].filter(
				(element) => {
					const { top, left, bottom, right } = element.getBoundingClientRect();
					return top < 0 || left < 0 || bottom > innerHeight || right > innerWidth;
				},
			);
			const cut = [...document.querySelectorAll('li, .line, .outcome, small, button, #side')].filter(
				(element) => element.scrollWidth > element.clientWidth && element.clientWidth > 0,
			);
			const field = document.getElementById('light')!.getBoundingClientRect();
			return {
				page: [scrollWidth <= innerWidth, scrollHeight <= innerHeight],
				off: off.map((element) => element.outerHTML.slice(0, 60)),
				covered: ['#simulated', '#label', '#examination'].filter((name) => {
					const { left, right } = document.getElementById('timing')!.getBoundingClientRect();
					const other = document.querySelector(name)!.getBoundingClientRect();
					return other.right > left && other.left < right;
				}),
				cut: cut.map((element) => element.outerHTML.slice(0, 60)),
				buttons: [...document.querySelectorAll('button')]
					.map((button) => button.getBoundingClientRect())
					.filter((box) => box.height < 64),
				field: (field.width * field.height) / (innerWidth * innerHeight),
			};
		});
		t.deepEqual({ ...seen, field: 0 }, { page: [true, true], off: [], covered: [], cut: [], buttons: [], field: 0 });
		t.true(seen.field > 0.25, `the light is ${(seen.field * 100).toFixed(0)}% of the screen`);
		t.deepEqual(open.complaints, []);
	});

test.serial('each button asks the box for what it says', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const { page, box } = await openPage(t, window);
	for (const [name, said] of [
		['New examination', 'Sent: New examination.'],
		['End', 'Sent: End.'],
		['Left', 'Sent: Left.'],
		['Right', 'Sent: Right.'],
	] as const) {
		await page.getByRole('button', { name, exact: true }).click();
		await page.getByText(said, { exact: true }).waitFor();
	}
	t.deepEqual(box.commands, [
		{ name: 'start' },
		{ name: 'end' },
		{ name: 'side', side: 'left' },
		{ name: 'side', side: 'right' },
	]);
});

test.serial('the buttons work from the keyboard, with a focus that is seen', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const { page, box } = await openPage(t, window);
	const outlines: string[] = [];
	for (const key of ['Enter', 'Space', 'Enter', 'Space']) {
		await page.keyboard.press('Tab');
		outlines.push(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle));
		// By its name: what was said of the key before is no answer to this one.
		const name = await page.evaluate(() => document.activeElement!.textContent);
		await page.keyboard.press(key);
		await page.getByText(`Sent: ${name}.`, { exact: true }).waitFor();
	}
	t.deepEqual(outlines, ['solid', 'solid', 'solid', 'solid']);
	t.deepEqual(
		box.commands.map(({ name }) => name),
		['start', 'end', 'side', 'side'],
	);
});

test.serial('a command that the box cannot obey is answered in a calm line', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const { page, box } = await openPage(t, window);
	box.obeys = false;
	await page.locator('#start').click();
	await page.getByText('Not done: the box is not ready; try again in a moment.').waitFor();
	box.set({ phase: 'over' });
	await page.waitForFunction(() => document.getElementById('end')?.getAttribute('aria-disabled') === 'true');
	await page.locator('#end').click({ force: true });
	await page.getByText('No examination is running.').waitFor();
	t.deepEqual(box.commands, []);
});

test.serial('sites, side, examination and origin are told in words', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window);
	const { page, box } = open;
	t.is(await page.locator('#side').textContent(), 'not said');
	box.set({
		side: 'right',
		examination: 3,
		sites: [
			{ site: 'sfj', outcome: 'captured' },
			{ site: 'fv', outcome: null },
			{ site: 'heel', outcome: 'not-seen' },
		],
	});
	await guide(open, 'captured');
	await page.getByText('Examination 3 is running').waitFor();
	const items = await page.locator('#sites li').evaluateAll((all) =>
		all.map((item) => ({
			text: [...item.querySelectorAll('span, small')].map((part) => part.textContent).filter(Boolean),
			mark: (item.querySelector('svg') as SVGElement).dataset.symbol,
		})),
	);
	t.deepEqual(items, [
		{ text: ['groin', 'captured', 'saphenofemoral junction', 'now'], mark: 'done' },
		{ text: ['upper thigh', 'to do', 'femoral vein'], mark: 'todo' },
		{ text: ['heel', 'not seen'], mark: 'unseen' },
	]);
	t.is(await page.locator('#landmark').textContent(), 'groin, saphenofemoral junction');
	t.is(await page.locator('#side').textContent(), 'right');
	t.is(await page.locator('#right').getAttribute('aria-pressed'), 'true');
	t.is(await page.locator('#left').getAttribute('aria-pressed'), 'false');
	t.true(await page.locator('#simulated').isVisible());
});

test.serial('what stands between the nurse and a judgement is said in place of the light’s own sentence', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const { page, box } = await openPage(t, window);
	box.set({ guidance: 'dont-know', scene: 'colour', trouble: 'Colour Doppler is on. Switch it off.' });
	await page.getByText('Colour Doppler is on. Switch it off.').waitFor();
	t.is(await page.locator('#word').textContent(), "DON'T KNOW");
});

test.serial('real pictures are not called simulated, and alerts are told one at a time', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const { page, box } = await openPage(t, window);
	box.simulated = false;
	box.notes = [
		{ code: 'broker-unreachable', severity: 'warning', text: 'The broker is not reached.' },
		{ code: 'store-full', severity: 'warning', text: 'The store is nearly full.' },
	];
	await page.getByText('Note: The broker is not reached. (and 1 more)').waitFor();
	t.false(await page.locator('#simulated').isVisible());
	box.notes = [];
	await page.waitForFunction(() => document.getElementById('notice')?.textContent === '');
	t.pass();
});

test.serial('the box’s own timing is told in a line, and by stage to who asks', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const { page, box, complaints } = await openPage(t, window);
	const summary = page.getByText('Frame to light: 9.1 ms, 99 of 100 within 14 ms', { exact: true });
	await summary.waitFor();
	t.false(await page.locator('#timing-rows').isVisible());
	await summary.click();
	const rows = await page
		.locator('#timing-rows tr')
		.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent).join(' | ')));
	t.deepEqual(rows, [
		'delivery of the frame | 5.8 | 9.1 | 12',
		'judging the screen | 0.6 | 1.9 | 4.0',
		'network | - | - | -',
		'examination and light | 0.1 | 0.1 | over 0.9',
		'whole way | 9.1 | 14 | 23',
	]);
	t.is(await page.locator('#timing-late').textContent(), '3 of 100 frames later than a frame time, at most 2 in a row');
	box.times = { ...box.times, latency: null };
	await page.getByText('Timing: not measured yet').waitFor();
	t.deepEqual(complaints, []);
});

test.serial('the scan area is drawn as the box gives it, and only while the scan is live', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window);
	const { page, box } = open;
	const drawn = await page.evaluate(() => {
		const canvas = document.getElementById('canvas') as HTMLCanvasElement;
		const { width, height } = canvas;
		const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
		const { width: shownWidth, height: shownHeight } = canvas.getBoundingClientRect();
		return { pixels: [...data.filter((_, i) => i % 4 === 0)], shape: shownWidth / shownHeight, alpha: data[3] };
	});
	t.deepEqual(drawn.pixels, [...box.picture!.pixels]);
	t.true(Math.abs(drawn.shape - 4 / 3) < 0.02);
	t.is(drawn.alpha, 255);
	const shown = () => page.locator('#canvas').isVisible();
	await guide(open, 'dont-know');
	t.false(await shown(), 'frozen');
	await guide(open, 'press');
	await page.locator('#canvas').waitFor();
	box.picture = null;
	await page.locator('#canvas').waitFor({ state: 'hidden' });
	t.true(await page.getByText('No live picture').isVisible());
});
