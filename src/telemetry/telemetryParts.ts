import type { Logger } from 'pino';
import type { z } from 'zod';
import type { StatusBoard } from '../vision/statusBoard.ts';
import type { LinkState } from './link.ts';
import type { Birth } from './messages/birth.ts';
import type { modelRef, refusedProvider } from './messages/fields.ts';
import type { Health } from './messages/health.ts';
import type { RemoteParts } from './remote/remote.ts';

export interface TelemetryParts {
	log: Pick<Logger, 'info' | 'warn' | 'error'>;
	/** Version of the software. */
	software: string;
	input: Birth['input'];
	/** Sites of the protocol. */
	sites: readonly string[];
	/** What runs in the vision thread; null while none does. */
	ready: () => {
		source: string;
		model: z.infer<typeof modelRef> & { provider: string };
		providersRefused?: readonly z.infer<typeof refusedProvider>[];
	} | null;
	/** Null while no vision thread runs. */
	board: () => StatusBoard | null;
	/** What came in since the last call; left out, health does not tell. */
	inputHistory?: () => Health['input'];
	/** What may be asked of the box over MQTT; left out, it listens to nothing. */
	remote?: RemoteParts;
}

/** As messages tell it: reasons, and nothing of what the box makes of them. */
export function refusedOf(ready: ReturnType<TelemetryParts['ready']>): z.infer<typeof refusedProvider>[] {
	return (ready?.providersRefused ?? []).map(({ provider, reason }) => ({ provider, reason }));
}

/** Where telemetry stands, for the display page and for tests. */
export interface TelemetryState {
	link: LinkState;
	/** Stored and not yet at the broker. */
	pending: number;
	/** Waiting for room in the store. */
	waiting: number;
	setAside: number;
	boot: number;
}
