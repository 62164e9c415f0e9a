import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { readTree, type Tree } from '../config/load.ts';
import { layRemote, needsRestart } from '../config/remoteConfig.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import type { Desired, Reported } from '../telemetry/messages/desired.ts';
import { Box, type BoxEnd } from './box.ts';
import { type DesiredState, noDesired, readDesiredState, writeDesiredState } from './desiredState.ts';
import { applied, atStart, isNews, refused, rolledBack, trying, waiting } from './desiredSteps.ts';
import type { LogTap } from './logTap.ts';

export interface RunnerOptions {
	/** The configuration of the box, as loaded. */
	config: Config;
	/** Where it was loaded from; null for the environment alone. */
	file: string | null;
	tap?: LogTap;
	/** What a box with a new configuration may take to get healthy, beyond the start of its vision thread. Milliseconds. */
	healthyMs?: number;
}

const lookMs = 100;

/**
 * Keeps a box running with the configuration that is wanted of it over MQTT: applies what can be, starts the parts of the
 * box anew where they have to be, and goes back to the last configuration when the box does not get healthy.
 */
export class BoxRunner {
	readonly #options: RunnerOptions;
	readonly #log: Logger;
	readonly #base: Tree;
	readonly #file: string;
	#state: DesiredState = noDesired;
	#box!: Box;
	#config: Config;
	#stopping = false;
	#restarting = false;
	#turns: Promise<void> = Promise.resolve();
	/** The newest that waits for its turn. */
	#next: Desired | null = null;
	#end: (end: BoxEnd) => void = () => undefined;
	/** Resolves when the box ends by itself. */
	readonly ended: Promise<BoxEnd>;

	constructor(options: RunnerOptions, log: Logger) {
		this.#options = options;
		this.#log = log;
		this.#config = options.config;
		this.#base = readTree(options.file, process.env).tree;
		this.#file = join(options.config.store.folder, 'desired.json');
		this.ended = new Promise((resolve) => {
			this.#end = resolve;
		});
	}

	get address(): string | null {
		return this.#box.address;
	}

	/** What the watchdog of the service manager is fed by. */
	get progress(): Box['progress'] {
		const { heartbeatMs, ready } = this.#box.progress;
		return { heartbeatMs, ready: ready && !this.#restarting };
	}

	/** @throws PhleboxError what keeps the box from starting with its own configuration */
	async start(): Promise<void> {
		this.#state = atStart(await readDesiredState(this.#file), now());
		const wanted = layRemote(this.#base, this.#state.good.config);
		if ('config' in wanted) this.#config = wanted.config;
		else this.#state = refused({ ...noDesired }, { schema: 1, ...this.#state.good }, wanted.problems, now());
		try {
			await this.#startBox();
		} catch (error) {
			if (this.#state.good.version === 0) throw error;
			// What the file of the box says has changed beside it: that alone has to do.
			this.#log.error(messageOf(error));
			this.#state = rolledBack({ ...this.#state, good: noDesired.good }, messageOf(error), now());
			this.#config = this.#options.config;
			await this.#startBox();
		}
		await this.#keep();
	}

	async stop(reason: string): Promise<void> {
		this.#stopping = true;
		await this.#turns;
		await this.#box.stop(reason);
	}

	async #startBox(): Promise<void> {
		const box = new Box(this.#config, this.#log, {
			desired: (desired) => this.#take(desired),
			restart: () => this.#queue(() => this.#restart('asked for over MQTT')),
			tap: this.#options.tap ?? null,
		});
		this.#box = box;
		await box.start();
		this.#log.level = this.#config.log.level;
		box.report(this.#reported());
		void box.ended.then((end) => {
			// While one is tried, `#tryIt` looks after it.
			if (box === this.#box && this.#state.trial === null) this.#end(end);
		});
	}

	#take(desired: Desired): void {
		if (!isNews(this.#state, desired) || desired.version <= (this.#next?.version ?? 0)) return;
		this.#next = desired;
		this.#queue(async () => {
			const wanted = this.#next;
			this.#next = null;
			if (wanted) await this.#consider(wanted);
		});
	}

	#queue(act: () => Promise<void>): void {
		this.#turns = this.#turns.then(act).catch((error: unknown) => {
			this.#log.error(messageOf(error));
			this.#end({ error: error as BoxEnd['error'] });
		});
	}

	async #consider(desired: Desired): Promise<void> {
		const wanted = layRemote(this.#base, desired.config);
		if ('problems' in wanted) return this.#step(refused(this.#state, desired, wanted.problems, now()));
		if (!needsRestart(this.#config, wanted.config)) {
			await this.#step(trying(this.#state, desired, now()));
			this.#config = wanted.config;
			this.#box.change(wanted.config);
			return this.#step(applied(this.#state, now()));
		}
		if (this.#box.examining) await this.#step(waiting(this.#state, desired, now()));
		while (this.#box.examining && !this.#stopping && !this.#next) await sleep(lookMs);
		// A newer one has come, or the box ends: this one is not tried.
		if (this.#stopping || this.#next) return;
		await this.#step(trying(this.#state, desired, now()));
		await this.#tryIt(wanted.config);
	}

	async #tryIt(config: Config): Promise<void> {
		const before = this.#config;
		this.#config = config;
		const online = this.#box.online;
		const trouble = await this.#restart('a new configuration').then(
			() => this.#untilHealthy(online),
			(error: unknown) => messageOf(error),
		);
		if (trouble === null) return this.#step(applied(this.#state, now()));
		this.#log.error({ trouble }, 'the configuration that was asked for is taken back');
		this.#config = before;
		this.#state = rolledBack(this.#state, trouble, now());
		await this.#keep();
		await this.#restart('the last configuration');
	}

	/** What is wrong, or null. @param online whether the broker has to be reached for it */
	async #untilHealthy(online: boolean): Promise<string | null> {
		const { healthyMs = 60_000 } = this.#options;
		const deadline = performance.now() + this.#config.vision.startMs + healthyMs;
		let trouble: string | null = 'stopped';
		while (!this.#stopping && performance.now() < deadline) {
			trouble = this.#box.trouble(online);
			if (trouble === null || this.#box.over) return trouble;
			await sleep(lookMs);
		}
		return trouble;
	}

	async #restart(reason: string): Promise<void> {
		if (this.#stopping) return;
		this.#restarting = true;
		await this.#box.stop(reason);
		await this.#startBox();
		this.#restarting = false;
	}

	async #step(state: DesiredState): Promise<void> {
		this.#state = state;
		await this.#keep();
		this.#box.report(this.#reported());
		this.#box.event('desired', { version: state.asked, state: state.state, reason: state.reason });
	}

	/** What cannot be kept (no room on the disk) is only forgotten at the next start: the broker holds it too. */
	async #keep(): Promise<void> {
		try {
			await mkdir(this.#config.store.folder, { recursive: true });
			await writeDesiredState(this.#file, this.#state);
		} catch (error) {
			this.#log.warn(`the configuration that was asked for cannot be kept: ${messageOf(error)}`);
		}
	}

	#reported(): Omit<Reported, 'schema' | 'boot'> {
		const { good, trial, asked, state, reason, problems, since } = this.#state;
		const { version, config } = trial ?? good;
		return { since, version, asked, state, reason, problems, config };
	}
}

function now(): string {
	return new Date().toISOString();
}
