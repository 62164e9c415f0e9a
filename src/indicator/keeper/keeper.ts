import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { monotonicMs } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import type { Indication } from '../light.ts';
import type { FromKeeper, ToKeeper } from './keeperMessages.ts';
import { lightCount } from './keptLights.ts';

const restartMs = 1000;
const stopDeadlineMs = 3000;

/** Told when a light fails, and with null when it works again. */
export type LightNews = (light: string, failure: string | null) => void;

/**
 * The keeper of the lights that have no expiry in the kernel, as the box sees it: starts the process, tells it what to
 * show, starts another when it is gone.
 */
export class Keeper {
	readonly #indicator: Config['indicator'];
	readonly #news: LightNews;
	readonly #entry: URL;
	#child: ChildProcess | null = null;
	#restart: NodeJS.Timeout | null = null;
	#stopping = false;
	#percent: number;
	/** What the process was told last, and when. */
	#told: Pick<Indication, 'guidance' | 'site'> | null = null;
	#toldMs = 0;
	#ready = false;
	/** Lights that are said not to work: a process that ends takes its words with it. */
	readonly #failed = new Set<string>();

	constructor(indicator: Config['indicator'], news: LightNews, entry = keeperEntry()) {
		this.#indicator = indicator;
		this.#news = news;
		this.#entry = entry;
		this.#percent = indicator.dimmed ? indicator.dimPercent : 100;
	}

	/** Whether there is anything to keep. */
	get needed(): boolean {
		return lightCount(this.#indicator) > 0;
	}

	/** The process opened its lights and is past the self-test. */
	get ready(): boolean {
		return this.#ready;
	}

	/** For tests and logs; null while there is none. */
	get pid(): number | null {
		return this.#child?.pid ?? null;
	}

	start(): void {
		if (this.needed) this.#spawn(this.#indicator.selfTest);
	}

	/** Called often: tells the process on a change, and otherwise as often as its lights need it to stay lit. */
	show({ guidance, site, expiresMs }: Indication): void {
		if (!this.#child) return;
		const nowMs = monotonicMs();
		const same = guidance === this.#told?.guidance && site === this.#told.site;
		if (same && nowMs - this.#toldMs < this.#indicator.expiryMs / 4) return;
		this.#told = { guidance, site };
		this.#toldMs = nowMs;
		// A message has no word for infinity.
		this.#tell({ kind: 'show', guidance, site, expiresMs: Math.min(expiresMs, nowMs + this.#indicator.expiryMs) });
	}

	dim(percent: number): void {
		this.#percent = percent;
		this.#tell({ kind: 'dim', percent });
	}

	/** The lights go out, the process ends; after a deadline it is ended. */
	async stop(): Promise<void> {
		this.#stopping = true;
		if (this.#restart) clearTimeout(this.#restart);
		const child = this.#child;
		if (!child) return;
		const deadline = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
		const exited = once(child, 'exit');
		this.#tell({ kind: 'stop' });
		await exited;
		clearTimeout(deadline);
	}

	#tell(message: ToKeeper): void {
		const child = this.#child;
		if (!child?.connected) return;
		child.send(message, () => {
			// A channel that breaks is the process's end, and that is heard of by itself.
		});
	}

	#spawn(selfTest: boolean): void {
		const child = fork(fileURLToPath(this.#entry), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
		this.#child = child;
		this.#told = null;
		child.on('message', (message: FromKeeper) => {
			if (message.kind === 'ready') {
				this.#ready = true;
				this.#news('keeper', null);
			} else this.#hear(message.light, message.failure);
		});
		child.on('error', (error) => this.#gone(child, error.message));
		child.on('exit', (code, signal) => this.#gone(child, `it ended with ${signal ?? `code ${code}`}`));
		this.#tell({ kind: 'lights', indicator: this.#indicator, selfTest });
		if (this.#percent !== 100) this.#tell({ kind: 'dim', percent: this.#percent });
	}

	#hear(light: string, failure: string | null): void {
		if (failure === null) this.#failed.delete(light);
		else this.#failed.add(light);
		this.#news(light, failure);
	}

	#gone(child: ChildProcess, why: string): void {
		if (child !== this.#child) return;
		this.#child = null;
		this.#ready = false;
		if (this.#stopping) return;
		for (const light of [...this.#failed]) this.#hear(light, null);
		this.#news('keeper', `the process that drives GPIO lines and displays is gone: ${why}; it is started again`);
		// Without a self-test: a picture may be under judgement now, and its green would be taken for an answer.
		this.#restart = setTimeout(() => this.#spawn(false), restartMs);
	}
}

/** The process's own file: compiled in dist, TypeScript where the tests run the sources. */
function keeperEntry(): URL {
	return new URL(import.meta.url.endsWith('.ts') ? './keeperProcess.ts' : './keeperProcess.js', import.meta.url);
}
