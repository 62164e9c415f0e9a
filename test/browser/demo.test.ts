import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { startPhlebox } from '../cli/phlebox.ts';
import { withoutChromium } from './chromium.ts';
import { screenshot } from './screenshot.ts';

/** The picture in the README: PHLEBOX_SCREENSHOT=docs/images/display.png npm run test:browser */
const file = process.env.PHLEBOX_SCREENSHOT ?? join(mkdtempSync(join(tmpdir(), 'phlebox-page-')), 'display.png');

test('the demo’s page shows a site being captured, with the scan beside it', async (t) => {
	if (withoutChromium(t)) return;
	const demo = startPhlebox(['demo', '--web-port', '0', '--mqtt-port', '0', '--seconds', '120']);
	try {
		await demo.says(/display page +(http:\S+)/);
		const [, url] = /display page +(http:\S+)/.exec(demo.stdout)!;
		await screenshot(url!, file, 'captured');
		const picture = readFileSync(file);
		t.is(picture.subarray(1, 4).toString(), 'PNG');
		t.true(picture.length > 10_000, `${picture.length} bytes`);
	} finally {
		demo.child.kill('SIGTERM');
		t.is((await demo.end()).code, 0);
	}
});
