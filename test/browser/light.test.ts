import test, { type ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import { guidances } from '../../src/exam/guidance.ts';
import { lightTable } from '../../src/indicator/lightTable.ts';
import { periodMs } from '../../src/indicator/pattern.ts';
import { openChromium, withoutChromium } from './chromium.ts';
import { guide, openPage } from './openPage.ts';

let browser: Browser | null = null;
test.after.always(() => browser?.close());

async function chromium(t: ExecutionContext): Promise<Browser | null> {
	if (withoutChromium(t)) return null;
	browser ??= await openChromium();
	return browser;
}

/** Whatever is painted and has clearly more green than red and blue. */
function greens(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const found: string[] = [];
		const names = ['color', 'backgroundColor', 'borderTopColor', 'outlineColor', 'fill', 'stroke'] as const;
		for (const element of document.querySelectorAll('*')) {
			const style = getComputedStyle(element);
			for (const name of names) {
				const [red = 0, green = 0, blue = 0] = (style[name].match(/[\d.]+/g) ?? []).map(Number);
				if (green > red + 12 && green > blue + 12)
					found.push(`${element.tagName}#${element.id} ${name} ${style[name]}`);
			}
		}
		return found;
	});
}

/** A picture in grey, 48 by 24. */
function greyOf(png: Buffer, page: Page): Promise<number[]> {
	return page.evaluate(async (data) => {
		const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
		const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
		const canvas = new OffscreenCanvas(48, 24);
		const context = canvas.getContext('2d')!;
		context.drawImage(bitmap, 0, 0, 48, 24);
		const { data: pixels } = context.getImageData(0, 0, 48, 24);
		const grey: number[] = [];
		for (let i = 0; i < pixels.length; i += 4)
			grey.push(0.299 * pixels[i]! + 0.587 * pixels[i + 1]! + 0.114 * pixels[i + 2]!);
		return grey;
	}, png.toString('base64'));
}

test.serial('each guidance shows its own word, symbol, colour and sentence, and nothing is cut off', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window);
	const symbols = new Set<string>();
	for (const guidance of guidances) {
		await guide(open, guidance);
		const state = lightTable[guidance];
		const seen = await open.page.evaluate(() => {
			const field = document.getElementById('light')!;
			const word = document.getElementById('word')!.getBoundingClientRect();
			const box = field.getBoundingClientRect();
			const symbol = document.getElementById('symbol')!;
			const sentence = document.getElementById('sentence')!;
			return {
				symbol: symbol.dataset.symbol,
				drawn: symbol.firstElementChild!.getAttribute('d')!,
				sentence: sentence.textContent,
				colour: field.style.getPropertyValue('--screen'),
				inside: word.left >= box.left + 8 && word.right <= box.right - 8 && word.bottom <= box.bottom,
				symbolInside: symbol.getBoundingClientRect().top >= box.top,
				letters: word.height / box.height,
				whole: sentence.scrollHeight <= sentence.clientHeight && sentence.scrollWidth <= sentence.clientWidth,
				title: document.title,
			};
		});
		t.is(seen.symbol, state.symbol, guidance);
		t.is(seen.sentence, state.detail, guidance);
		t.is(seen.colour, state.screen, guidance);
		t.is(seen.title, `Phlebox: ${state.text}`);
		t.true(seen.inside && seen.symbolInside && seen.whole, `${guidance} ${JSON.stringify(seen)}`);
		t.true(seen.letters > 0.28, `${guidance} ${seen.letters}`);
		symbols.add(seen.drawn);
	}
	t.is(symbols.size, guidances.length, 'each symbol is drawn in its own way');
	t.deepEqual(open.complaints, []);
});

test.serial(
	'each guidance is lit, dark or blinks as the table says, and the word stays readable when it is off',
	async (t) => {
		const window = await chromium(t);
		if (!window) return;
		const open = await openPage(t, window);
		for (const guidance of guidances) {
			const { pattern } = lightTable[guidance];
			await guide(open, guidance);
			const seen = await open.page.evaluate(async (lengthMs) => {
				const field = document.getElementById('light')!;
				const phases = new Set<string>();
				const endMs = performance.now() + lengthMs;
				while (phases.size < 2 && performance.now() < endMs) {
					phases.add(field.dataset.on ?? 'false');
					await new Promise(requestAnimationFrame);
				}
				return [...phases].sort();
			}, periodMs(pattern) + 100);
			const listed = pattern.steps.flatMap((step, i) => (step > 0 ? [String(i % 2 === 0)] : []));
			t.deepEqual(seen, [...new Set(listed)].sort(), guidance);
		}
		await guide(open, 'searching');
		await open.page.waitForFunction(() => document.getElementById('light')?.dataset.on === 'false');
		const off = await open.page.evaluate(() => ({
			word: getComputedStyle(document.getElementById('word')!).opacity,
			colour: getComputedStyle(document.getElementById('word')!).color,
			shade: Number(getComputedStyle(document.querySelector('.shade')!).opacity),
		}));
		t.deepEqual([off.word, off.colour], ['1', 'rgb(255, 255, 255)']);
		t.true(off.shade > 0.5 && off.shade < 1);
	},
);

test.serial('in grey, without colour, no two states look alike, lit or not', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window);
	const pictures: { name: string; grey: number[] }[] = [];
	for (const guidance of guidances) {
		await guide(open, guidance);
		const field = open.page.locator('#light');
		// Without symbol and word, and all equally lit: the texture alone must do.
		await open.page.evaluate(() => {
			for (const id of ['symbol', 'word']) document.getElementById(id)!.style.visibility = 'hidden';
			document.getElementById('light')!.style.setProperty('background', '#777');
			(document.querySelector('.shade') as HTMLElement).style.opacity = '0';
		});
		pictures.push({ name: guidance, grey: await greyOf(await field.screenshot(), open.page) });
	}
	for (const a of pictures)
		for (const b of pictures) {
			if (a.name >= b.name) continue;
			const apart = a.grey.reduce((sum, value, i) => sum + Math.abs(value - b.grey[i]!), 0) / a.grey.length;
			t.true(apart > 4, `${a.name} and ${b.name}: ${apart.toFixed(1)} of 255`);
		}
});

test.serial('only captured is green, wherever one looks', async (t) => {
	const window = await chromium(t);
	if (!window) return;
	const open = await openPage(t, window);
	open.box.set({
		side: 'left',
		sites: [
			{ site: 'sfj', outcome: 'captured' },
			{ site: 'fv', outcome: 'captured' },
		],
	});
	for (const guidance of guidances) {
		await guide(open, guidance);
		const found = await greens(open.page);
		if (guidance === 'captured') t.true(found.length > 0, 'the test can see green');
		else t.deepEqual(found, [], guidance);
	}
});
