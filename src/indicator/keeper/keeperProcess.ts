import { monotonicMs } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import type { Indication } from '../light.ts';
import { Lights } from '../lights.ts';
import { selfTest } from '../selfTest.ts';
import type { FromKeeper, ToKeeper } from './keeperMessages.ts';
import { keptLights } from './keptLights.ts';

// The keeper: a process of its own for the lights that the kernel does not put out by itself. It is told what to show and
// until when. A box that is killed closes the channel, one that is stopped or hangs renews nothing: in either case what
// is shown expires here, in a process that still runs.

const turnMs = 10;
const tell = (message: FromKeeper) => {
	if (process.connected) process.send?.(message);
};
const indication: Indication = { guidance: 'dont-know', site: null, expiresMs: 0 };
let lights: Lights | null = null;
let longestMs = 0;

function open(indicator: Config['indicator'], test: boolean): void {
	const all = keptLights(indicator);
	longestMs = indicator.expiryMs;
	lights = new Lights(all, {}, (light, failure) =>
		tell({ kind: 'light', light: light.name, failure: failure?.message ?? null }),
	);
	if (indicator.dimmed) lights.dim(indicator.dimPercent);
	lights.open();
	if (test) selfTest(lights);
	tell({ kind: 'ready', lights: all.map(({ name }) => name) });
	setInterval(() => lights?.show(indication, { nowMs: monotonicMs() }), turnMs);
}

function end(code: number): never {
	lights?.close();
	process.exit(code);
}

// Sent to the whole group of processes by a terminal; the box decides when its lights go out.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

process.on('message', (message: ToKeeper) => {
	if (message.kind === 'lights') {
		try {
			open(message.indicator, message.selfTest);
		} catch (error) {
			console.error(`phlebox: ${error instanceof PhleboxError ? error.message : messageOf(error)}`);
			end(1);
		}
	} else if (message.kind === 'show') {
		indication.guidance = message.guidance;
		indication.site = message.site;
		indication.expiresMs = Math.min(message.expiresMs, monotonicMs() + longestMs);
	} else if (message.kind === 'dim') lights?.dim(message.percent);
	else end(0);
});
process.on('disconnect', () => end(0));
