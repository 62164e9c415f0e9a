/** Low and high end, at 95%. */
export type Interval = [low: number, high: number];

/** 97.5% of the normal distribution lies below. */
const z = 1.959964;

/**
 * Wilson's score interval of a share, at 95%: sound for rare things, and not empty where none occurred in few.
 * (E. B. Wilson 1927, "Probable inference, the law of succession, and statistical inference".)
 * @returns null where nothing was tried
 */
export function wilson(times: number, of: number): Interval | null {
	if (of === 0) return null;
	const share = times / of;
	const scale = 1 + z ** 2 / of;
	const middle = (share + z ** 2 / (2 * of)) / scale;
	const reach = (z / scale) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
	// At either end the formula is exact but for rounding.
	return [times === 0 ? 0 : Math.max(0, middle - reach), times === of ? 1 : Math.min(1, middle + reach)];
}

/** How often something was, of how many. */
export interface Rate {
	times: number;
	of: number;
	/** 0 of 0 is 0. */
	share: number;
	/** Wilson's; null for 0 of 0. */
	interval: Interval | null;
}

export function rate(times: number, of: number): Rate {
	return { times, of, share: of === 0 ? 0 : times / of, interval: wilson(times, of) };
}
