import type { ExecutionContext } from 'ava';
import type { ErrorCode } from '../../src/errors.ts';
import type { World } from '../update/world.ts';
import type { Body } from './forge.ts';

export interface Clause {
	clause: string;
	what: string;
	set(world: World): void | Promise<void>;
	/** What it is refused with; left out, it has to be taken. */
	refused?: { code: ErrorCode; words: RegExp };
	/** Looks at what was taken, or at what is there after the refusal. */
	see?(t: ExecutionContext, world: World): unknown;
	/** What the publisher does about it before the next good update. */
	undo?(world: World): void;
}

export const rejected = (words: RegExp) => ({ code: 'update-rejected' as const, words });
export const expired = (words: RegExp) => ({ code: 'update-expired' as const, words });
export const longAgo = (body: Body) => {
	body.expires = '2026-05-01T00:00:00Z';
};
export const onlineRoles = ['snapshot', 'timestamp'] as const;
