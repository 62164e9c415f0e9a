import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { stringify } from 'yaml';
import { freePort } from '../freePort.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';

const missing = 'prometheus is not installed: apt-get install prometheus';

/** Prometheus's own tool. @returns what it said, whatever it thought of it */
export function promtool(args: readonly string[], input = ''): { code: number | null; said: string } {
	const { error, status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8', timeout: 60_000 });
	if (error) throw new Error(`${missing} (${error.message})`);
	return { code: status, said: `${stdout}${stderr}` };
}

/** A real Prometheus on a loopback port of its own, asking one box every second; gone with the test. */
export class Prometheus {
	readonly #url: string;

	private constructor(url: string) {
		this.#url = url;
	}

	/** @param target host:port of the box's page; @param rules file of rules that it evaluates every second */
	static async start(t: ExecutionContext, target: string, rules: string): Promise<Prometheus> {
		const folder = temporaryFolder(t);
		const config = join(folder, 'prometheus.yml');
		const every = '1s';
		writeFileSync(
			config,
			stringify({
				global: { scrape_interval: every, evaluation_interval: every },
				rule_files: [rules],
				scrape_configs: [{ job_name: 'phlebox', static_configs: [{ targets: [target] }] }],
			}),
		);
		const address = `127.0.0.1:${await freePort()}`;
		const where = [`--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=${address}`];
		const child = spawn('prometheus', [`--config.file=${config}`, '--log.level=error', ...where], { stdio: 'inherit' });
		t.teardown(() => ended(child));
		const prometheus = new Prometheus(`http://${address}`);
		await Promise.race([
			prometheus.until('ready', async () => (await fetch(`${prometheus.#url}/-/ready`)).ok),
			once(child, 'error').then(([error]) => Promise.reject(new Error(`${missing} (${error.message})`))),
		]);
		return prometheus;
	}

	/** @param path of the HTTP API, without /api/v1/. @throws Error what Prometheus says against it */
	async ask<T>(path: string, query: Record<string, string> = {}): Promise<T> {
		const answer = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(query)}`, {
			signal: AbortSignal.timeout(30_000),
		});
		const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
		if (status !== 'success') throw new Error(`${path} ${JSON.stringify(query)}: ${error}`);
		return data;
	}

	/** Values of an instant query, one a series. */
	async values(query: string): Promise<number[]> {
		const { result } = await this.ask<{ result: { value: [number, string] }[] }>('query', { query });
		return result.map(({ value }) => Number(value[1]));
	}

	async until(what: string, holds: () => Promise<boolean>): Promise<void> {
		const endMs = performance.now() + 60_000;
		while (!(await holds().catch(() => false))) {
			if (performance.now() > endMs) throw new Error(`not ${what} within 60 s`);
			await sleep(200);
		}
	}
}

async function ended(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
	const exit = once(child, 'exit');
	child.kill('SIGKILL');
	await exit;
}
