// The child process of light.lab.ts: shows one guidance on the coloured light and renews it until it is stopped or killed.
//   node renewLight.js GUIDANCE [software]      software: as on a kernel without the pattern trigger
// Prints a line once it shows.
import { monotonicMs } from '../../src/clock.ts';
import type { Guidance } from '../../src/exam/guidance.ts';
import { LedLight } from '../../src/indicator/led/ledLight.ts';
import { lampPlaces } from './lamp.ts';

const light = new LedLight({ ...lampPlaces, kernelExpiry: process.argv[3] !== 'software' });
light.open();
const guidance = process.argv[2] as Guidance;
console.log(`${light.expiry} expiry`);
const turn = setInterval(() => {
	const nowMs = monotonicMs();
	light.show({ guidance, site: null, expiresMs: nowMs + 250 }, { nowMs });
}, 30);
process.on('SIGTERM', () => {
	clearInterval(turn);
	light.close();
});
