import test from 'ava';
import { type Content, makePatient, type Patient } from '../../src/simulator/patient.ts';
import type { Probe } from '../../src/simulator/probe.ts';
import { TissueMap } from '../../src/simulator/tissueMap.ts';

const probe: Probe = { kind: 'linear', radius: 0, width: 40, halfAngle: 0, depth: 32 };

function patientOf(seed: number, content: Content = 'no-vessel'): Patient {
	return makePatient({ seed, content, probe });
}

function groinMap(patient: Patient): TissueMap {
	const map = new TissueMap(patient, patient.stations[0], probe);
	map.make();
	return map;
}

/** Mean amplitude of scatterers and surfaces in a rectangle of the body, millimetres. */
function meanEcho(map: TissueMap, x: number, z: number, width: number, height: number): number {
	let sum = 0;
	let count = 0;
	for (let column = 0; column < map.columns; column++)
		for (let row = 0; row < map.rows; row++) {
			const dx = map.left + (column + 0.5) * map.cellX - x;
			const dz = (row + 0.5) * map.cellZ - z;
			if (dx < 0 || dx >= width || dz < 0 || dz >= height) continue;
			const at = (column * map.rows + row) * 2;
			sum += map.values[at]! + map.values[at + 1]!;
			count++;
		}
	return sum / count;
}

test('every spot of the tissue has an echo that is a number, under thin skin too', (t) => {
	for (const seed of [1, 3]) {
		const patient = patientOf(seed, 'femoral');
		const [groin, thigh] = patient.stations;
		const map = groinMap({ ...patient, stations: [{ ...groin, skin: 0.2 }, thigh] });
		t.is(
			map.values.findIndex((value) => !(value >= 0 && value < 40)),
			-1,
			`${seed}`,
		);
	}
});

test('fat is brighter than the muscle below it', (t) => {
	let brighter = 0;
	for (let seed = 0; seed < 5; seed++) {
		const patient = patientOf(seed);
		const { centre, fascia } = patient.stations[0];
		const map = groinMap({
			...patient,
			attenuation: 0,
			stations: [{ ...patient.stations[0], bone: null }, patient.stations[1]],
		});
		const fat = meanEcho(map, centre - 18, fascia * 0.55, 36, fascia * 0.35);
		const muscle = meanEcho(map, centre - 18, 27, 36, 5);
		if (fat > 1.2 * muscle) brighter++;
	}
	t.true(brighter >= 4, `${brighter} of 5`);
});

test('bone is a bright line, and little comes from behind it', (t) => {
	const patient = patientOf(5);
	const [groin, thigh] = patient.stations;
	const bone = { x: groin.centre, z: 22, radius: 20, rough: 0 };
	const map = groinMap({ ...patient, attenuation: 0, stations: [{ ...groin, bone }, thigh] });
	const bare = groinMap({ ...patient, attenuation: 0, stations: [{ ...groin, bone: null }, thigh] });
	t.true(meanEcho(map, groin.centre - 3, 21.8, 6, 0.7) > 1.5 * meanEcho(bare, groin.centre - 3, 21.8, 6, 0.7));
	t.true(meanEcho(map, groin.centre - 3, 26, 6, 4) < 0.4 * meanEcho(bare, groin.centre - 3, 26, 6, 4));
	// Beside and above it nothing changes.
	t.is(meanEcho(map, groin.centre - 3, 10, 6, 8), meanEcho(bare, groin.centre - 3, 10, 6, 8));
});
