import { describe } from './describe.ts';
import { whatToShow } from './expiry.ts';
import type { Indication, Light, Moment } from './light.ts';
import { type Colour, lightTable } from './lightTable.ts';
import type { Shown } from './shown.ts';

export interface ConsoleLightOptions {
	/** Where a line goes, without its line end. */
	write: (line: string) => void;
	/** Colours the word (ANSI); for a terminal. */
	ansi: boolean;
}

export const consoleLightDefaults: ConsoleLightOptions = {
	write: (line) => {
		process.stdout.write(`${line}\n`);
	},
	ansi: false,
};

const ansiColours: Readonly<Record<Colour, number>> = { dark: 90, blue: 34, magenta: 35, green: 32, red: 31 };

/** Prints a line whenever what the light says changes: seconds since the first one, the words, the site. */
export class ConsoleLight implements Light {
	readonly name = 'console';
	readonly #options: ConsoleLightOptions;
	#startMs = Number.NaN;
	#guidance: Shown | null = null;
	#site: string | null = null;

	constructor(options: Partial<ConsoleLightOptions> = {}) {
		this.#options = { ...consoleLightDefaults, ...options };
	}

	open(): void {
		this.#startMs = Number.NaN;
		this.#guidance = null;
	}

	show(indication: Indication, moment: Moment): void {
		const { nowMs } = moment;
		const guidance = whatToShow(indication, moment);
		const site = guidance === indication.guidance ? indication.site : null;
		if (guidance === this.#guidance && site === this.#site) return;
		if (this.#guidance === null) this.#startMs = nowMs;
		this.#guidance = guidance;
		this.#site = site;
		const seconds = ((nowMs - this.#startMs) / 1000).toFixed(2).padStart(8);
		const line = describe(guidance, site);
		this.#options.write(`${seconds} s  ${this.#options.ansi ? coloured(line, guidance) : line}`);
	}

	/** A terminal's brightness is its own. */
	dim(): void {}

	close(): void {
		this.#guidance = null;
	}
}

function coloured(line: string, guidance: Shown): string {
	return `\u001b[${ansiColours[lightTable[guidance].colour]}m${line}\u001b[0m`;
}
