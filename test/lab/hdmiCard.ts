import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { errnoName, systemCalls } from '../../src/capture/libc.ts';

/** VIDIOC_S_CTRL: _IOWR('V', 28, struct v4l2_control). */
const setControl = 0xc008561c;

/** What the input can say of itself, as vivid's control `dv_timings_signal_mode` numbers it. */
const signalModes = { present: 0, 'no-signal': 1, 'no-lock': 2, 'out-of-range': 3, selected: 4 } as const;

/** Timings by their number in `--set-dv-bt-timings` and in vivid's menu control `dv_timings`. */
export const timings = {
	'640x480p60': { index: 0, menu: 0 },
	'800x600p60': { index: 22, menu: 24 },
	'1024x768p60': { index: 29, menu: 31 },
	'720p60': { index: 7, menu: 9 },
	'1280x800p60': { index: 41, menu: 43 },
	'1280x960p60': { index: 45, menu: 47 },
	'1680x1050p60': { index: 74, menu: 76 },
	'1080p60': { index: 14, menu: 16 },
	'1080i60': { index: 13, menu: 15 },
} as const;

export type Timing = keyof typeof timings;

/** One of the cards that the kernel's test driver vivid pretends to be, and the hands on its cable. */
export class HdmiCard {
	readonly device: string;
	readonly #card: string;
	#ids: Map<string, number> | undefined;

	/** @param number 0: single-planar; 1: the same with the multi-planar API */
	constructor(number: 0 | 1 = 0) {
		this.device = `/dev/video${number}`;
		this.#card = `vivid.${number}`;
	}

	/**
	 * Sets controls of the driver, `name=value` with commas between. By the system call itself: what a program's start takes
	 * in the emulated machine would stand in every time that a test measures.
	 */
	control(settings: string): void {
		this.#ids ??= this.#controlIds();
		const descriptor = systemCalls.open(this.device);
		if (descriptor < 0) throw new Error(`${this.device} cannot be opened (${errnoName(-descriptor)})`);
		try {
			for (const setting of settings.split(',')) {
				const [name, value] = setting.split('=') as [string, string];
				const struct = new Uint8Array(new Int32Array([this.#ids.get(name)!, Number(value)]).buffer);
				const result = systemCalls.ioctl(descriptor, setControl, struct);
				if (result < 0) throw new Error(`${setting}: ${errnoName(-result)}`);
			}
		} finally {
			systemCalls.close(descriptor);
		}
	}

	#controlIds(): Map<string, number> {
		const listed = execFileSync('v4l2-ctl', ['-d', this.device, '--list-ctrls'], { encoding: 'utf8' });
		return new Map([...listed.matchAll(/(\w+) (0x[0-9a-f]+) \(/g)].map(([, name, id]) => [name!, Number(id)]));
	}

	#tell(...args: string[]): void {
		execFileSync('v4l2-ctl', ['-d', this.device, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
	}

	/** Sets what the card captures; only while nobody streams. */
	configure(timing: Timing): void {
		this.#tell(`--set-dv-bt-timings=index=${timings[timing].index}`);
	}

	/** The machine at the other end, or the cable, changes what arrives. */
	signal(mode: Exclude<keyof typeof signalModes, 'selected'>): void {
		this.control(`dv_timings_signal_mode=${signalModes[mode]}`);
	}

	/** The machine at the other end sends another picture size. */
	sourceChanges(timing: Timing): void {
		this.control(`dv_timings=${timings[timing].menu},dv_timings_signal_mode=${signalModes.selected}`);
	}

	/** The EDID that the machine at the other end reads. */
	edid(): Uint8Array {
		return execFileSync('v4l2-ctl', ['-d', this.device, '--get-edid=pad=0,format=raw,file=-'], {
			stdio: ['ignore', 'pipe', 'ignore'],
		});
	}

	/** Pulls the card itself out. */
	unplug(): void {
		writeFileSync('/sys/bus/platform/drivers/vivid/unbind', this.#card);
	}

	plug(): void {
		writeFileSync('/sys/bus/platform/drivers/vivid/bind', this.#card);
	}
}
