/** How the probe is held at one moment. */
export interface ProbeState {
	/** 0 in the air .. 1 the whole face on the skin. */
	contact: number;
	/** 0 none; the vein gives from 0.25 and is shut at 0.95; 1.3 is firm. */
	pressure: number;
	/** Along the leg: 0 saphenofemoral junction .. 1 upper thigh. */
	station: number;
	/** Out of the vein's plane: 0 in it .. 1 gone. */
	away: number;
	/** Millimetres that the picture has moved to the right over the body. */
	slide: number;
	/** 1 while the operator has frozen the picture. */
	frozen: number;
}

export const stateKeys = ['contact', 'pressure', 'station', 'away', 'slide', 'frozen'] as const;

/** What a probe does for a time: it goes smoothly to `to`, and keeps whatever `to` does not name. */
export interface Act {
	act:
		| 'arrive'
		| 'search'
		| 'rest'
		| 'press'
		| 'hold'
		| 'release'
		| 'slide'
		| 'slide-off'
		| 'leave-plane'
		| 'lift-off'
		| 'air'
		| 'freeze'
		| 'unfreeze';
	ms: number;
	to?: Partial<ProbeState>;
}

/** In the air, nothing pressed. */
export const inAir: Readonly<ProbeState> = { contact: 0, pressure: 0, station: 0, away: 0, slide: 0, frozen: 0 };

/** Length of a run of acts, milliseconds. */
export function lengthOf(acts: readonly Act[]): number {
	return acts.reduce((sum, act) => sum + act.ms, 0);
}

/**
 * How the probe is held at a moment of a run of acts. After the last act it stays as it is.
 * @param out takes the answer, so that a running simulation allocates nothing
 */
export function probeAt(start: Readonly<ProbeState>, acts: readonly Act[], timeMs: number, out: ProbeState): void {
	for (const key of stateKeys) out[key] = start[key];
	let from = 0;
	for (const act of acts) {
		const share = act.ms > 0 ? Math.max(0, Math.min(1, (timeMs - from) / act.ms)) : timeMs >= from ? 1 : 0;
		const eased = share * share * (3 - 2 * share);
		if (act.to)
			for (const key of stateKeys) {
				const target = act.to[key];
				if (target === undefined) continue;
				// Freeze is a button, not a movement.
				out[key] = key === 'frozen' ? (share > 0 ? target : out[key]) : out[key] + (target - out[key]) * eased;
			}
		from += act.ms;
		if (timeMs < from) return;
	}
}
