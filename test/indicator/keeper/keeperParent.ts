// A process that is a box to its keeper, and shows one guidance until it is ended:
//   node keeperParent.js GUIDANCE INDICATOR-AS-JSON [VALID-FOR-MS]
// Prints `keeper PID` once the lights are open, then each failure of a light.
import { monotonicMs } from '../../../src/clock.ts';
import { indicatorSchema } from '../../../src/config/indicatorSection.ts';
import type { Guidance } from '../../../src/exam/guidance.ts';
import { Keeper } from '../../../src/indicator/keeper/keeper.ts';

const guidance = process.argv[2] as Guidance;
const indicator = indicatorSchema.parse(JSON.parse(process.argv[3]!));
const validMs = Number(process.argv[4] ?? 250);
const keeper = new Keeper(indicator, (light, failure) => {
	console.log(light === 'keeper' && failure === null ? `keeper ${keeper.pid}` : `${light}: ${failure}`);
});
keeper.start();
const turn = setInterval(() => keeper.show({ guidance, site: null, expiresMs: monotonicMs() + validMs }), 25);
process.on('SIGTERM', async () => {
	clearInterval(turn);
	await keeper.stop();
	process.exit(0);
});
