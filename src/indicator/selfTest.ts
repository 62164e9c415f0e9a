import { pause } from '../capture/pause.ts';
import { monotonicMs } from '../clock.ts';
import { type Guidance, guidances } from '../exam/guidance.ts';
import type { Indication, Light } from './light.ts';

export interface SelfTestOptions {
	/** How long each state is shown, milliseconds. */
	stateMs: number;
	/** Time between two calls of `show`, milliseconds: states blink meanwhile. */
	turnMs: number;
}

export const selfTestDefaults: SelfTestOptions = { stateMs: 300, turnMs: 20 };

/**
 * Every state once, in the table's order but `captured` first: nobody has seen a picture yet, so its green says nothing,
 * and it must not be the last thing that a person has seen. Ends with *don't know*.
 */
export const selfTestOrder: readonly Guidance[] = [
	'captured',
	...guidances.filter((guidance) => guidance !== 'captured' && guidance !== 'dont-know'),
	'dont-know',
];

export interface SelfTestTime {
	nowMs(): number;
	pause(milliseconds: number): void;
}

/** Shows each state once, so that a person sees a part of the light that is broken. Waits; only before the box works. */
export function selfTest(
	light: Light,
	options: Partial<SelfTestOptions> = {},
	time: SelfTestTime = { nowMs: monotonicMs, pause },
): void {
	const { stateMs, turnMs } = { ...selfTestDefaults, ...options };
	const indication: Indication = { guidance: 'dont-know', site: null, expiresMs: 0 };
	for (const guidance of selfTestOrder) {
		indication.guidance = guidance;
		indication.expiresMs = time.nowMs() + stateMs;
		for (let nowMs = time.nowMs(); nowMs < indication.expiresMs; nowMs = time.nowMs()) {
			light.show(indication, { nowMs });
			time.pause(Math.min(turnMs, indication.expiresMs - nowMs));
		}
	}
	light.show(indication, { nowMs: time.nowMs() });
}
