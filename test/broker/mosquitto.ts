import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { freePort } from '../freePort.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';

const paths = [
	'/usr/sbin/mosquitto',
	'/usr/local/sbin/mosquitto',
	'/usr/bin/mosquitto',
	'/opt/homebrew/sbin/mosquitto',
];
const program = paths.find((path) => existsSync(path));

/** A real broker on a loopback port of its own, gone with the test. */
export class Mosquitto {
	readonly port: number;
	readonly #config: string;
	readonly #scheme: 'mqtt' | 'mqtts';
	#child: ChildProcess | null = null;

	private constructor(port: number, config: string, scheme: 'mqtt' | 'mqtts') {
		this.port = port;
		this.#config = config;
		this.#scheme = scheme;
	}

	/** @param settings lines of mosquitto.conf(5); `users` are names with passwords */
	static async make(
		t: ExecutionContext,
		settings: string[] = [],
		users: Record<string, string> = {},
	): Promise<Mosquitto> {
		if (!program) throw new Error('mosquitto is not installed: apt-get install mosquitto mosquitto-clients');
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
		if (!settings.some((line) => line.startsWith('allow_anonymous')))
			lines.push(existsSync(passwords) ? `password_file ${passwords}` : 'allow_anonymous true');
		writeFileSync(config, `${lines.join('\n')}\n`);
		const tls = settings.some((line) => line.startsWith('certfile'));
		const broker = new Mosquitto(port, config, tls ? 'mqtts' : 'mqtt');
		t.teardown(() => broker.kill());
		return broker;
	}

	get url(): string {
		return `${this.#scheme}://127.0.0.1:${this.port}`;
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

	/** As `systemctl reload`: reads its files again. */
	reload(): void {
		this.#child!.kill('SIGHUP');
	}

	get pid(): number {
		return this.#child!.pid!;
	}

	/** Stands still with all connections open, as a half-open network shows it. */
	freeze(): void {
		this.#child!.kill('SIGSTOP');
	}

	thaw(): void {
		this.#child!.kill('SIGCONT');
	}
}
