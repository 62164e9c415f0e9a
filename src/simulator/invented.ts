import { Random } from './random.ts';

/** What stands on the screen beside the picture. All of it is invented. */
export interface ScreenText {
	name: string;
	identity: string;
	hospital: string;
	date: string;
	maker: string;
	preset: string;
	probe: string;
	parameters: string[];
	/** Seconds after midnight at the start of the simulation. */
	startsAt: number;
}

const families = ['Exampel', 'Testrup', 'Probando', 'Mustrova', 'Sampleton', 'Fictley', 'Demorand', 'Nobodi'];
const given = ['Ada', 'Bruno', 'Cleo', 'Dario', 'Edda', 'Finn', 'Gina', 'Hugo'];
const hospitals = ['Nowhere General', 'St. Example', 'Imaginary Clinic', 'Model Hospital', 'Test Valley Vascular'];
const makers = ['SONOMOCK', 'ECHOFAKE', 'PULSAR', 'WAVELAB'];
const presets = ['Vascular', 'Venous leg', 'LEV', 'Vasc LE'];

/** @param patientSeed chooses the person; @param scannerSeed the machine */
export function inventText(
	scannerSeed: number,
	patientSeed: number,
	hz: number,
	depthMm: number,
	linear: boolean,
): ScreenText {
	const machine = new Random(scannerSeed, 71);
	const person = new Random(patientSeed, 72);
	const two = (n: number) => String(n).padStart(2, '0');
	const date = `${two(machine.whole(1, 28))}-${two(machine.whole(1, 12))}-${machine.whole(2031, 2039)}`;
	return {
		name: `${person.pick(families)}, ${person.pick(given)}`,
		identity: `ID ${person.whole(100000, 999999)}-X`,
		hospital: machine.pick(hospitals),
		date,
		maker: machine.pick(makers),
		preset: machine.pick(presets),
		probe: linear ? machine.pick(['L12-4', 'L11-3', 'ML9', '12L']) : machine.pick(['C5-1', 'C6-2', '4C']),
		parameters: [
			`${Math.round(hz)} Hz`,
			`${(depthMm / 10).toFixed(1)} cm`,
			`Gn ${machine.whole(30, 75)}`,
			`DR ${machine.whole(50, 70)}`,
			`Map ${machine.whole(1, 8)}`,
			`P ${machine.whole(1, 4)}`,
			`MI ${machine.between(0.6, 1.3).toFixed(1)}`,
			`TIS ${machine.between(0.1, 0.6).toFixed(1)}`,
		],
		startsAt: machine.whole(7 * 3600, 18 * 3600),
	};
}
