import type { LogLine } from '../messages/logLine.ts';

/** A line of the log as pino writes it. */
export type LogInput = Record<string, unknown>;

const levels = { error: 50, warn: 40, info: 30, debug: 20 } as const;
export type LogLevel = keyof typeof levels;
const most = 20;

/** Passes lines of the log on while somebody asked for them, at most 20 a second. */
export class LogPublisher {
	readonly #send: (line: Omit<LogLine, 'schema' | 'boot'>) => void;
	readonly #now: () => number;
	#untilMs = 0;
	#least = 0;
	#secondMs = 0;
	#inSecond = 0;
	#missing = 0;

	/** @param now milliseconds on any clock that does not jump */
	constructor(send: (line: Omit<LogLine, 'schema' | 'boot'>) => void, now: () => number = () => performance.now()) {
		this.#send = send;
		this.#now = now;
	}

	/** From now on, for so long; replaces what was asked for before. */
	request(seconds: number, level: LogLevel): void {
		this.#untilMs = this.#now() + seconds * 1000;
		this.#least = levels[level];
		this.#missing = 0;
	}

	take(input: LogInput): void {
		const nowMs = this.#now();
		const level = Number(input.level);
		if (nowMs >= this.#untilMs || level < this.#least) return;
		if (nowMs - this.#secondMs >= 1000) {
			this.#secondMs = nowMs;
			this.#inSecond = 0;
		}
		this.#inSecond += 1;
		if (this.#inSecond > most) {
			this.#missing += 1;
			return;
		}
		const { time, level: _, msg, pid: __, hostname: ___, ...fields } = input;
		const missing = this.#missing;
		this.#missing = 0;
		this.#send({
			at: new Date(typeof time === 'number' ? time : Date.now()).toISOString(),
			level: wordOf(level),
			text: String(msg ?? '').slice(0, 1000),
			fields: fields as LogLine['fields'],
			missing,
		});
	}
}

function wordOf(level: number): string {
	return Object.entries(levels).find(([, least]) => level >= least)?.[0] ?? 'debug';
}
