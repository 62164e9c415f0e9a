import type { Config } from '../../config/schema.ts';
import type { Shown } from '../shown.ts';

/** To the keeper, over the channel between parent and child process. */
export type ToKeeper =
	| { kind: 'lights'; indicator: Config['indicator']; selfTest: boolean }
	/** `expiresMs` on CLOCK_MONOTONIC, which is the same in every process of the machine. */
	| { kind: 'show'; guidance: Shown; site: string | null; expiresMs: number }
	| { kind: 'dim'; percent: number }
	| { kind: 'stop' };

/** From the keeper. */
export type FromKeeper =
	/** All lights were opened, each in order or reported, and the self-test is over. */
	| { kind: 'ready'; lights: string[] }
	/** A light failed, or with a null works again. */
	| { kind: 'light'; light: string; failure: string | null };
