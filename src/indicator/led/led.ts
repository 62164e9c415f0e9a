import { join } from 'node:path';
import { PhleboxError } from '../../errors.ts';
import { isOn, type Pattern } from '../pattern.ts';
import { darkShot, oneShot, shotBytes, writeShot } from './shot.ts';
import { readSysfs, SysfsFile } from './sysfsFile.ts';

export interface LedDrive {
	/** Percent of the LED's own highest brightness, above 0, up to 100. */
	brightnessPercent: number;
	/** Lets the kernel enforce the expiry where it can. */
	kernelExpiry: boolean;
	/** A shot that still runs is renewed when its end can be moved by this much, milliseconds; at most a quarter of the expiry. */
	rearmMs: number;
}

/** When a pattern is to be seen, milliseconds. In an object that is written anew, for the reason given in light.ts. */
export interface Span {
	/** Since the pattern began. */
	readonly elapsedMs: number;
	readonly nowMs: number;
	/** When it must be dark without another call. */
	readonly untilMs: number;
}

/**
 * One device of the kernel's LED class, a folder below /sys/class/leds.
 *
 * With the kernel's `pattern` trigger each result is armed as one shot that lasts until the result expires and ends dark
 * by itself: a process that is killed, stopped or hung after that cannot leave the LED lit (seen with a user-space LED on
 * Debian's kernel 6.1; timer ticks make it a few milliseconds late). Where the trigger is not offered, brightness is written on each change, blinking is done by the
 * calls of `show`, and the LED stays as it is when the process dies: `darken` must be called from outside.
 *
 * In either case the LED's own trigger is taken over, and only changes are written.
 */
export class Led {
	readonly folder: string;
	readonly #drive: LedDrive;
	readonly #shot = new Uint8Array(shotBytes);
	readonly #pattern: SysfsFile;
	readonly #repeat: SysfsFile;
	readonly #brightness: SysfsFile;
	#expiry: 'kernel' | 'software' = 'software';
	#max = 1;
	#dimPercent = 100;
	#level = 1;
	#on = new Uint8Array();
	readonly #off = new TextEncoder().encode('0\n');
	/** What is armed (kernel) or lit (software); null for dark. */
	#shown: Pattern | null = null;
	#armedUntilMs = Number.NaN;
	#lit = false;
	/** The brightness that was written is not the one that counts now. */
	#stale = false;

	constructor(folder: string, drive: LedDrive) {
		this.folder = folder;
		this.#drive = drive;
		this.#pattern = new SysfsFile(join(folder, 'pattern'));
		this.#repeat = new SysfsFile(join(folder, 'repeat'));
		this.#brightness = new SysfsFile(join(folder, 'brightness'));
	}

	/** Who puts the LED out when nobody renews it. Known after `open`. */
	get expiry(): 'kernel' | 'software' {
		return this.#expiry;
	}

	/** Brightness of the device while it is on, 1 to its highest. Known after `open`. */
	get level(): number {
		return this.#level;
	}

	/** @throws PhleboxError light-failed */
	open(): void {
		const max = Number(readSysfs(join(this.folder, 'max_brightness')) ?? Number.NaN);
		if (!(Number.isInteger(max) && max > 0))
			throw new PhleboxError('light-failed', `LED: ${this.folder} is no LED (no max_brightness); check the config`);
		this.#max = max;
		this.#setLevel();
		const triggers = readSysfs(join(this.folder, 'trigger'))?.split(/\s+/) ?? [];
		const offered = triggers.includes('pattern') || triggers.includes('[pattern]');
		this.#expiry = this.#drive.kernelExpiry && offered ? 'kernel' : 'software';
		const wanted = this.#expiry === 'kernel' ? 'pattern' : 'none';
		// Choosing a trigger anew makes new files, with the rights of root: one already chosen is left as it is.
		if (triggers.length > 0 && !triggers.includes(`[${wanted}]`)) this.#choose(wanted);
		if (this.#expiry === 'kernel') {
			this.#pattern.open();
			this.#repeat.open();
		} else this.#brightness.open();
		this.#goDark();
	}

	/**
	 * @param pattern null for dark
	 * @throws PhleboxError light-failed
	 */
	show(pattern: Pattern | null, span: Span): void {
		if (pattern === null || !(span.untilMs - span.nowMs >= 1)) {
			if (this.#shown !== null) this.#goDark();
		} else if (this.#expiry === 'kernel') this.#arm(pattern, span);
		else this.#light(pattern, span);
	}

	/** @param percent of the configured brightness; from the next `show` on */
	dim(percent: number): void {
		this.#dimPercent = percent;
		this.#setLevel();
		// Neither what is armed nor what is lit is as bright as it has to be.
		this.#armedUntilMs = Number.NaN;
		this.#stale = true;
	}

	/** Leaves it dark. May be called at any time. @throws PhleboxError light-failed, when it may still be lit */
	close(): void {
		try {
			if (this.#shown !== null) this.#goDark();
		} finally {
			this.#pattern.close();
			this.#repeat.close();
			this.#brightness.close();
		}
	}

	/** Never nothing: a light that is on has to be seen. */
	#setLevel(): void {
		this.#level = Math.max(1, Math.round((this.#max * this.#drive.brightnessPercent * this.#dimPercent) / 10_000));
		this.#on = new TextEncoder().encode(`${this.#level}\n`);
	}

	#choose(trigger: string): void {
		const file = new SysfsFile(join(this.folder, 'trigger'));
		file.open();
		try {
			file.write(new TextEncoder().encode(`${trigger}\n`));
		} finally {
			file.close();
		}
	}

	#goDark(): void {
		if (this.#expiry === 'kernel') {
			// `pattern` before `repeat`: the other way round, what was armed before would light up once more.
			this.#pattern.write(darkShot);
			this.#repeat.write(oneShot);
		} else this.#brightness.write(this.#off);
		this.#shown = null;
	}

	#arm(pattern: Pattern, { elapsedMs, nowMs, untilMs }: Span): void {
		const gained = untilMs - this.#armedUntilMs;
		if (pattern === this.#shown && gained >= 0 && gained < this.#drive.rearmMs) return;
		// Said before it is written: after a failure in between, the LED has to be put out.
		this.#shown = pattern;
		this.#armedUntilMs = untilMs;
		const length = writeShot(this.#shot, pattern, elapsedMs, untilMs - nowMs, this.#level);
		this.#pattern.write(this.#shot, length);
		this.#repeat.write(oneShot);
	}

	#light(pattern: Pattern, { elapsedMs }: Span): void {
		const on = isOn(pattern, elapsedMs);
		const changed = on !== this.#lit || this.#shown === null || this.#stale;
		this.#shown = pattern;
		this.#stale = false;
		if (!changed) return;
		this.#lit = on;
		this.#brightness.write(on ? this.#on : this.#off);
	}
}
