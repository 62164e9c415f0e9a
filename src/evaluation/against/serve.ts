import { createInterface } from 'node:readline';
import { messageOf } from '../../errors.ts';
import type { Replies, Request, Seen, Spec } from './spec.ts';

/** One contender in its process: the way from a frame to the network's answer. */
export interface Runner {
	/** What is to be known about it. */
	about: string;
	/**
	 * The whole way of one frame; frames are asked for in turn, without a gap.
	 * @param place of the frame in the file
	 * @returns false when this frame was not taken to the network
	 */
	frame(place: number, intervalMs: number): boolean | Promise<boolean>;
	/** Of the last frame: what the network was given, and the probabilities of both its answers. */
	input(): Float32Array;
	answer(): number[];
	/** The time since the image before as the network was told it; for a runner that times its frames itself. */
	interval?(): number;
	/** The network has seen nothing. */
	reset(): void;
	close?(): void;
}

/** Answers the requests of the comparison, line by line, until there are no more. */
export async function serve(make: (spec: Spec) => Runner | Promise<Runner>): Promise<void> {
	const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
	let runner: Runner | null = null;
	try {
		runner = await make(JSON.parse(process.argv[2]!) as Spec);
		const { count } = JSON.parse(process.argv[2]!) as Spec;
		const contender = new Served(runner, count);
		for await (const line of createInterface({ input: process.stdin })) {
			say(await contender.answer(JSON.parse(line) as Request));
		}
	} catch (error) {
		say({ error: messageOf(error) });
	} finally {
		runner?.close?.();
	}
}

class Served {
	readonly #runner: Runner;
	readonly #count: number;
	#next = 0;

	constructor(runner: Runner, count: number) {
		this.#runner = runner;
		this.#count = count;
	}

	answer(request: Request): Promise<Replies[Request['ask']]> {
		if (request.ask === 'ready') return Promise.resolve({ about: this.#runner.about });
		return request.ask === 'show' ? this.#show(request.frames, request.seen) : this.#run(request);
	}

	#step(intervalMs: number): boolean | Promise<boolean> {
		return this.#runner.frame(this.#next++ % this.#count, intervalMs);
	}

	async #show(frames: number, told: Pick<Seen, 'start' | 'intervals'> | null): Promise<Seen> {
		const seen: Seen = { start: told?.start ?? 0, intervals: [], inputs: [], answers: [] };
		while (told && this.#next % this.#count !== told.start) await this.#step(0);
		this.#runner.reset();
		for (let tries = 0; seen.answers.length < frames; tries++) {
			if (tries > frames + 1000) throw new Error('its network is not shown the frames');
			const place = this.#next % this.#count;
			if (!(await this.#step(told?.intervals[seen.answers.length] ?? 0))) continue;
			if (seen.answers.length === 0) seen.start = place;
			const input = this.#runner.input();
			seen.inputs.push(Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('base64'));
			seen.answers.push(this.#runner.answer());
			const first = seen.intervals.length === 0;
			seen.intervals.push(told?.intervals[seen.intervals.length] ?? (first ? 0 : (this.#runner.interval?.() ?? 0)));
		}
		return seen;
	}

	async #run({ frames, leadIn, intervalMs }: Extract<Request, { ask: 'run' }>): Promise<Replies['run']> {
		for (let at = 0; at < leadIn; at++) await this.#step(intervalMs);
		const times = new Float64Array(frames);
		for (let at = 0; at < frames; at++) {
			const start = performance.now();
			const taken = this.#step(intervalMs);
			const whole = typeof taken === 'boolean' ? taken : await taken;
			times[at] = whole ? performance.now() - start : Number.NaN;
		}
		return { times: Buffer.from(times.buffer).toString('base64') };
	}
}
