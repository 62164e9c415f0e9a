import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { temporaryFolder } from './temporaryFolder.ts';

const paths = [
	'/usr/sbin/mosquitto',
	'/usr/local/sbin/mosquitto',
	'/usr/bin/mosquitto',
	'/opt/homebrew/sbin/mosquitto',
];
const program = paths.find((path) => existsSync(path));

/** Says in one line that there is no mosquitto; in CI that is a failure. */
export function withoutMosquitto(t: ExecutionContext): boolean {
	if (program) return false;
	const line = 'mosquitto is not installed (apt-get install mosquitto): this was not tried against a real broker';
	if (process.env.CI === 'true') t.fail(line);
	else {
		t.log(line);
		t.pass();
	}
	return true;
}

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as { port: number };
	server.close();
	await once(server, 'close');
	return port;
}

/** A real broker on a loopback port of its own, gone with the test. */
export class Mosquitto {
	readonly port: number;
	readonly #config: string;
	#child: ChildProcess | null = null;

	private constructor(port: number, config: string) {
		this.port = port;
		this.#config = config;
	}

	/** @param settings lines of mosquitto.conf(5); `users` are names with passwords */
	static async make(
		t: ExecutionContext,
		settings: string[] = [],
		users: Record<string, string> = {},
	): Promise<Mosquitto> {
		const folder = temporaryFolder(t);
		const config = join(folder, 'mosquitto.conf');
		const port = await freePort();
		const lines = [
			`listener ${port} 127.0.0.1`,
			'user root',
			'log_type error',
			'set_tcp_nodelay true',
			`persistence_location ${folder}/`,
			...settings,
		];
		const passwords = join(folder, 'passwords');
		for (const [name, password] of Object.entries(users))
			execFileSync('mosquitto_passwd', [...(existsSync(passwords) ? [] : ['-c']), '-b', passwords, name, password], {
				stdio: 'ignore',
			});
		lines.push(existsSync(passwords) ? `password_file ${passwords}` : 'allow_anonymous true');
		writeFileSync(config, `${lines.join('\n')}\n`);
		const broker = new Mosquitto(port, config);
		t.teardown(() => broker.kill());
		return broker;
	}

	get url(): string {
		return `mqtt://127.0.0.1:${this.port}`;
	}

	/** Resolves when it takes connections. */
	async start(): Promise<void> {
		this.#child = spawn(program!, ['-c', this.#config], { stdio: 'ignore' });
		for (let tries = 0; tries < 500; tries += 1) {
			const socket = connect(this.port, '127.0.0.1');
			const open = await once(socket, 'connect').then(
				() => true,
				() => false,
			);
			socket.destroy();
			if (open) return;
			await sleep(10);
		}
		throw new Error('mosquitto did not come up');
	}

	/** In order: it saves what it holds, where it is told to. */
	async stop(): Promise<void> {
		await this.#end('SIGTERM');
	}

	/** As a power cut would. */
	async kill(): Promise<void> {
		await this.#end('SIGKILL');
	}

	async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		const child = this.#child;
		this.#child = null;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const gone = once(child, 'exit');
		child.kill('SIGCONT');
		child.kill(signal);
		await gone;
	}

	/** Stands still with all connections open, as a half-open network shows it. */
	freeze(): void {
		this.#child!.kill('SIGSTOP');
	}

	thaw(): void {
		this.#child!.kill('SIGCONT');
	}
}
