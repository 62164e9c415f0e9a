import { pathToFileURL } from 'node:url';
import { type Guidance, guidances } from '../../src/exam/guidance.ts';
import { openChromium } from './chromium.ts';

const mostMs = 60_000;

/**
 * Writes a picture (PNG, 1280 x 720) of the display page once it shows a guidance, lit and with a live scan.
 * @throws when it does not within a minute
 */
export async function screenshot(url: string, file: string, guidance: Guidance = 'captured'): Promise<void> {
	const browser = await openChromium();
	try {
		const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
		await page.goto(url);
		await page.waitForFunction(
			(wanted) => {
				const shown = document.body.dataset.guidance === wanted && document.body.dataset.link === 'open';
				const field = document.getElementById('light');
				const blind = ['starting', 'no-signal', 'stuck', 'frozen', 'dont-know', 'fault'].includes(wanted);
				const lit = wanted === 'dont-know' || field?.dataset.on === 'true';
				return shown && lit && (blind || document.getElementById('canvas')?.hidden === false);
			},
			guidance,
			{ timeout: mostMs, polling: 'raf' },
		);
		await page.screenshot({ path: file });
	} finally {
		await browser.close();
	}
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const [url, file, guidance = 'captured'] = process.argv.slice(2);
	if (!url || !file || !guidances.includes(guidance as Guidance)) {
		console.error(`usage: node --import tsx test/browser/screenshot.ts URL FILE [${guidances.join(' | ')}]`);
		process.exit(1);
	}
	await screenshot(url, file, guidance as Guidance);
}
