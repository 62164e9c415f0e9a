import { readFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import type { Browser, Page } from 'playwright-core';
import type { Guidance } from '../../src/exam/guidance.ts';
import { lightTable } from '../../src/indicator/lightTable.ts';
import { WebServer } from '../../src/web/server.ts';
import { FakeBox, vesselPicture } from '../web/fakeBox.ts';
import { Network } from './network.ts';

export interface OpenPage {
	box: FakeBox;
	server: WebServer;
	/** The box's own port, without the network between. */
	port: number;
	network: Network;
	page: Page;
	/** What the browser complained about. */
	complaints: string[];
}

const patienceMs = 60_000;
const script = { contentType: 'text/javascript' };

/** What a busy computer delays must not look like a lost connection, in tests that are not about that. */
function patientValidity(): string {
	const text = readFileSync(new URL('../../src/web/page/validity.js', import.meta.url), 'utf8');
	const patient = text.replace(/(silenceMs =) \d+/, `$1 ${patienceMs}`);
	if (patient === text) throw new Error('validity.js names no silenceMs');
	return patient;
}

/**
 * The display page of a fake box, once it shows the box's state.
 * @param options.patient results and connection hold for a minute; false: as in the field
 */
export async function openPage(
	t: ExecutionContext,
	browser: Browser,
	{ viewport = { width: 800, height: 480 }, patient = true } = {},
): Promise<OpenPage> {
	const box = new FakeBox();
	if (patient) box.set({ validForMs: patienceMs });
	box.picture = vesselPicture();
	const server = new WebServer({ host: '127.0.0.1', port: 0 }, box);
	const port = Number(new URL(await server.start()).port);
	const network = new Network(port);
	const url = await network.open();
	const page = await browser.newPage({ viewport });
	t.teardown(async () => {
		await page.close();
		network.close();
		await server.stop();
	});
	const complaints: string[] = [];
	page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
	page.on('pageerror', (error) => complaints.push(error.message));
	if (patient) await page.route('**/validity.js', (route) => route.fulfill({ ...script, body: patientValidity() }));
	await page.goto(url);
	await page.locator('#canvas').waitFor();
	return { box, server, port, network, page, complaints };
}

/** Lets the box say so, and waits until the page does. */
export async function guide({ box, page }: OpenPage, guidance: Guidance): Promise<void> {
	const blind = ['no-signal', 'stuck', 'frozen', 'dont-know', 'starting'].includes(guidance);
	const seen = ['press', 'hold', 'captured', 'release'].includes(guidance) ? 'sfj' : null;
	box.set({
		guidance,
		site: seen,
		landmark: seen,
		signal: guidance === 'no-signal' || guidance === 'stuck' ? guidance : 'ok',
		scene: blind ? 'frozen' : 'live',
		trouble: null,
	});
	await shows(page, guidance);
}

export async function shows(page: Page, guidance: Guidance, timeout = 5000): Promise<void> {
	await page.waitForFunction(
		(word) => document.getElementById('word')?.textContent === word,
		lightTable[guidance].text,
		{
			timeout,
			polling: 10,
		},
	);
}
