/**
 * What Linux does with the `pattern` and `repeat` files of an LED (drivers/leds/trigger/ledtrig-pattern.c, 6.1), without
 * the rounding to timer ticks. Asks to dim, which the light never does, throw.
 */
export class KernelPattern {
	readonly #maximum: number;
	#tuples: { brightness: number; ms: number }[] = [];
	#repeat = -1;
	#current = 0;
	#next = 1;
	#timerMs = Number.POSITIVE_INFINITY;
	/** Every brightness set, with its time. */
	readonly changes: { atMs: number; brightness: number }[] = [];
	#brightness = 0;

	constructor(maximum: number) {
		this.#maximum = maximum;
	}

	writePattern(text: string, nowMs: number): void {
		this.#run(nowMs);
		const numbers = text.trim().split(' ').map(Number);
		if (numbers.length < 4 || numbers.length % 2 === 1) throw new Error(`EINVAL: ${text}`);
		this.#tuples = [];
		for (let i = 0; i < numbers.length; i += 2) {
			const [brightness, ms] = [numbers[i]!, numbers[i + 1]!];
			const good = Number.isInteger(brightness) && brightness >= 0 && brightness <= this.#maximum;
			if (!(good && Number.isInteger(ms) && ms >= 0)) throw new Error(`EINVAL: ${text}`);
			this.#tuples.push({ brightness, ms });
		}
		this.#start(nowMs);
	}

	writeRepeat(text: string, nowMs: number): void {
		this.#run(nowMs);
		const repeat = Number(text.trim());
		if (!Number.isInteger(repeat) || repeat < -1 || repeat === 0) throw new Error(`EINVAL: ${text}`);
		this.#repeat = repeat;
		if (this.#tuples.length > 0) this.#start(nowMs);
	}

	brightnessAt(nowMs: number): number {
		this.#run(nowMs);
		return this.#brightness;
	}

	#start(nowMs: number): void {
		this.#current = 0;
		this.#next = 1;
		this.#timerMs = nowMs;
		this.#run(nowMs);
	}

	#run(untilMs: number): void {
		// A pattern without any duration would go round for ever.
		for (let turns = 0; this.#timerMs <= untilMs; turns++) {
			if (turns > 10_000) throw new Error('the pattern never ends');
			const firedMs = this.#timerMs;
			this.#timerMs = Number.POSITIVE_INFINITY;
			if (this.#repeat === 0) return;
			const current = this.#tuples[this.#current]!;
			const next = this.#tuples[this.#next]!;
			if (current.brightness !== next.brightness) throw new Error('the pattern asks to dim');
			if (current.brightness !== this.#brightness) this.changes.push({ atMs: firedMs, brightness: current.brightness });
			this.#brightness = current.brightness;
			this.#timerMs = firedMs + current.ms;
			if (next.ms === 0) this.#step();
			this.#step();
		}
	}

	#step(): void {
		this.#current = this.#next;
		if (this.#current === 0 && this.#repeat > 0) this.#repeat--;
		this.#next = (this.#next + 1) % this.#tuples.length;
	}
}
