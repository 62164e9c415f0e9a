import { existsSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.PHLEBOX_CHROMIUM ?? '/usr/bin/chromium';

/** Starts the installed browser. */
export function openChromium(): Promise<Browser> {
	return chromium.launch({
		executablePath,
		args: [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
}

/** Whether a test must do without the browser; in CI that is a failure. */
export function withoutChromium(t: ExecutionContext): boolean {
	if (existsSync(executablePath)) return false;
	const line = `no browser at ${executablePath}; name one in PHLEBOX_CHROMIUM`;
	if (process.env.CI === 'true') t.fail(line);
	else {
		t.log(line);
		t.pass();
	}
	return true;
}
