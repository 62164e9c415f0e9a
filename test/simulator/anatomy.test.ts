import test from 'ava';
import { EchoField } from '../../src/simulator/echoField.ts';
import { Geometry, type SeenVessel } from '../../src/simulator/geometry.ts';
import { makePatient, type Patient } from '../../src/simulator/patient.ts';
import { beamGrid, type Probe } from '../../src/simulator/probe.ts';
import { inAir } from '../../src/simulator/probeState.ts';
import { mixSeeds } from '../../src/simulator/random.ts';
import type { Thrombus } from '../../src/simulator/vessel.ts';

const probe: Probe = { kind: 'linear', radius: 0, width: 42, halfAngle: 0, depth: 36 };
const seeds = Array.from({ length: 120 }, (_, i) => i + 1);

function femoral(seed: number, thrombus: Thrombus | null = null): Patient {
	return makePatient({ seed, content: 'femoral', probe, side: 'left', thrombus });
}

function seenAt(patient: Patient, station: number, pressure: number): Geometry {
	const geometry = new Geometry(patient, probe);
	geometry.update({ ...inAir, contact: 1, station, pressure }, 0);
	return geometry;
}

function found(geometry: Geometry, role: SeenVessel['role']): SeenVessel | undefined {
	return geometry.vessels.find((each) => each.role === role && each.presence > 0.5);
}

test('some femoral veins are doubled, and both close alike', (t) => {
	const doubled = seeds.map((seed) => femoral(seed)).filter((patient) => found(seenAt(patient, 1, 0), 'twin'));
	t.true(doubled.length >= 4 && doubled.length <= 40, `${doubled.length} of ${seeds.length}`);
	for (const patient of doubled)
		for (const pressure of [0, 0.5, 1.1]) {
			const geometry = seenAt(patient, 1, pressure);
			t.is(found(geometry, 'twin')!.areaRatio, geometry.vein!.areaRatio);
		}
	t.is(found(seenAt(doubled[0]!, 1, 1.1), 'twin')!.areaRatio, 0);
});

test('a lymph node lies beside some veins; it has room of its own and stays when the vein is shut', (t) => {
	const beside = seeds.map((seed) => femoral(seed)).filter((patient) => found(seenAt(patient, 0, 0), 'node'));
	t.true(beside.length >= 4 && beside.length <= 40, `${beside.length} of ${seeds.length}`);
	for (const patient of beside) {
		const vessels = patient.stations[0].vessels;
		const node = vessels.find((each) => each.role === 'node')!;
		for (const other of vessels)
			if (other !== node && other.role !== 'small')
				t.true(Math.hypot((other.x - node.x) / (other.a + node.a), (other.z - node.z) / (other.b + node.b)) > 1);
		const pressed = seenAt(patient, 0, 1.1);
		t.is(pressed.vein!.areaRatio, 0);
		t.true(found(pressed, 'node')!.areaRatio > 0.7);
		t.false(found(pressed, 'node')!.flows);
	}
});

test('a clot stands still in the vein and keeps it open, blood streams', (t) => {
	t.true(seenAt(femoral(3), 0, 0).vein!.flows);
	const clotted = seenAt(femoral(3, { station: 0, keepsOpen: 0.6, content: 0.8 }), 0, 1.1);
	t.false(clotted.vein!.flows);
	t.is(clotted.vein!.content, 0.8);
	t.true(clotted.vein!.areaRatio > 0.6);
});

test('walls echo where the beam meets them squarely, not at the sides, and are uneven', (t) => {
	const grid = beamGrid(probe, 160, 416);
	const field = new EchoField(grid);
	let ceilings = 0;
	let sides = 0;
	let gaps = 0;
	for (const seed of seeds.slice(0, 12)) {
		const geometry = seenAt(femoral(mixSeeds(seed)), 0, 0);
		const artery = found(geometry, 'artery')!;
		for (const other of geometry.vessels) if (other !== artery) other.presence = 0;
		artery.wall = 1;
		field.update(geometry, 0, 0);
		// The strongest echo of the floor in each beam.
		const floor = new Map<number, number>();
		for (let i = 0; i < grid.x.length; i++) {
			const p = (grid.x[i]! - artery.x) / artery.a;
			const q = (grid.z[i]! - artery.z) / artery.b;
			const edge = Math.hypot(p, q);
			if (edge < 1 || edge > 1.25) continue;
			const echo = field.extra[i]!;
			const beam = Math.floor(i / grid.samples);
			if (Math.abs(p) < 0.3 && q > 0) floor.set(beam, Math.max(floor.get(beam) ?? 0, echo));
			if (Math.abs(p) < 0.5) ceilings = Math.max(ceilings, echo);
			if (Math.abs(q) < 0.3) sides = Math.max(sides, echo);
		}
		const peak = Math.max(...floor.values());
		if ([...floor.values()].some((echo) => echo < 0.55 * peak)) gaps++;
	}
	t.true(ceilings > 6 * sides, `${ceilings} ${sides}`);
	t.true(gaps >= 4, `${gaps}`);
});
