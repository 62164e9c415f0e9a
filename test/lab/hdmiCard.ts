import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** What the input can say of itself, as vivid's control `dv_timings_signal_mode` numbers it. */
const signalModes = { present: 0, 'no-signal': 1, 'no-lock': 2, 'out-of-range': 3, selected: 4 } as const;

/** Timings by their number in `--set-dv-bt-timings` and in vivid's menu control `dv_timings`. */
const timings = { '720p60': { index: 7, menu: 9 }, '1080p60': { index: 14, menu: 16 } } as const;

export type Timing = keyof typeof timings;

/** The kernel's test driver vivid as an HDMI capture card, and the hands on its cable. */
export class HdmiCard {
	readonly device = '/dev/video0';

	#control(...args: string[]): void {
		execFileSync('v4l2-ctl', ['-d', this.device, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
	}

	/** Sets what the card captures; only while nobody streams. */
	configure(timing: Timing): void {
		this.#control(`--set-dv-bt-timings=index=${timings[timing].index}`);
	}

	/** The machine at the other end, or the cable, changes what arrives. */
	signal(mode: Exclude<keyof typeof signalModes, 'selected'>): void {
		this.#control('-c', `dv_timings_signal_mode=${signalModes[mode]}`);
	}

	/** The machine at the other end sends another picture size. */
	sourceChanges(timing: Timing): void {
		this.#control('-c', `dv_timings=${timings[timing].menu},dv_timings_signal_mode=${signalModes.selected}`);
	}

	/** Pulls the card itself out. */
	unplug(): void {
		writeFileSync('/sys/bus/platform/drivers/vivid/unbind', 'vivid.0');
	}

	plug(): void {
		writeFileSync('/sys/bus/platform/drivers/vivid/bind', 'vivid.0');
	}
}
