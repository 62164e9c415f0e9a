import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../src/simulator/random.ts';
import { boxTopic, type SoakWorld, versions } from './world.ts';

/** What can be left out, to find what something comes of. */
export const disturbanceNames = ['faults', 'swaps', 'outages'] as const;
export type Disturbance = (typeof disturbanceNames)[number];

/** Outages of broker and line, and swaps of the network, one after the other and across each other, until told to end. */
export class Disturbances {
	outages = 0;
	swaps = 0;
	refusedSwaps = 0;
	readonly #world: SoakWorld;
	readonly #random: Random;
	readonly #end = new AbortController();
	#turns: Promise<unknown> = Promise.resolve();
	/** Jobs that came to their end, by id. */
	readonly #done = new Map<string, string>();

	constructor(world: SoakWorld, seed: number) {
		this.#world = world;
		this.#random = new Random(seed, 72);
	}

	start(without: readonly Disturbance[]): void {
		const turns = [...(without.includes('outages') ? [] : [this.#cutLines()])];
		if (!without.includes('swaps')) turns.push(this.#swapModels());
		this.#turns = Promise.all(turns);
	}

	/** Ends them; what was cut is whole again. */
	async stop(): Promise<void> {
		this.#end.abort();
		await this.#turns;
	}

	/** A message on `job/ID/status`. */
	jobSaid(id: string, status: string): void {
		if (['SUCCEEDED', 'FAILED', 'REJECTED', 'TIMED_OUT'].includes(status)) this.#done.set(id, status);
	}

	/** @returns false when it is to end */
	async #pause(least: number, most: number): Promise<boolean> {
		const { signal } = this.#end;
		await sleep(this.#random.whole(least, most), undefined, { signal }).catch(() => undefined);
		return !signal.aborted;
	}

	async #cutLines(): Promise<void> {
		const { line, broker } = this.#world;
		const outages: ((wait: () => Promise<unknown>) => Promise<unknown>)[] = [
			async () => line.reset(),
			async (wait) => {
				line.refuse = true;
				line.reset();
				await wait();
				line.refuse = false;
			},
			async (wait) => {
				line.swallow.up = true;
				line.swallow.down = true;
				await wait();
				line.swallow.up = false;
				line.swallow.down = false;
				line.reset();
			},
			async () => line.cutAfter('up', this.#random.whole(1, 3000)),
		];
		if (broker)
			outages.push(
				async (wait) => {
					await broker.stop();
					await wait();
					await broker.start();
				},
				async (wait) => {
					broker.freeze();
					await wait();
					broker.thaw();
				},
			);
		while (await this.#pause(3000, 15_000)) {
			await outages[this.#random.whole(0, outages.length - 1)]!(() => this.#pause(500, 6000));
			this.outages++;
		}
	}

	async #swapModels(): Promise<void> {
		for (let at = 0; await this.#pause(2000, 8000); at++) {
			const id = `swap-${at}`;
			const model = { name: 'phlebox-dual', version: versions[at % versions.length] };
			const notAfter = new Date(Date.now() + 3_600_000).toISOString();
			const job = JSON.stringify({ schema: 1, id, operation: 'install-model', model, notAfter });
			// A job that fell into an outage is sent again: the box knows it by its id.
			for (const deadline = performance.now() + 180_000; !this.#done.has(id); ) {
				this.#world.listener.publish(`${boxTopic}/job`, job);
				for (let tries = 0; tries < 20 && !this.#done.has(id); tries++) if (!(await this.#pause(500, 500))) return;
				if (performance.now() > deadline) this.#done.set(id, 'no answer');
			}
			if (this.#done.get(id) === 'SUCCEEDED') this.swaps++;
			else this.refusedSwaps++;
			this.#done.delete(id);
		}
	}
}
