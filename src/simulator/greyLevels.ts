import { BMode } from './bMode.ts';
import { Geometry, type SeenVessel } from './geometry.ts';
import { regionsOf } from './greyTarget.ts';
import { makePatient } from './patient.ts';
import { type Percentiles, percentilesOf, realVessels } from './percentiles.ts';
import { chooseProbe, type Probe } from './probe.ts';
import { inAir, type ProbeState } from './probeState.ts';
import { mixSeeds, Random } from './random.ts';
import { chooseScanner } from './scanner.ts';
import { simulationDefaults } from './simulation.ts';
import { Subject } from './subject.ts';

export interface GreyLevelOptions {
	seed: number;
	/** Patients whose pictures' grey levels are measured, each at one landmark. */
	pictures: number;
	/** Patients whose vessels' shapes are measured: these need no picture. */
	shapes: number;
}

export const greyLevelDefaults = { seed: 1, pictures: 60, shapes: 2000 } as const satisfies GreyLevelOptions;

type Found = Record<keyof typeof realVessels, number[]>;

/** Percentiles (5, 25, 50, 75, 95) of simulated lumens beside those of real ones. */
export type GreyLevels = Record<keyof typeof realVessels, { real: Percentiles; simulated: Percentiles }>;

/** Measures arteries and open veins of simulated patients as the real ones were measured. */
export function measureGreyLevels(given: Partial<GreyLevelOptions> = {}): GreyLevels {
	const options = { ...greyLevelDefaults, ...given };
	const found: Found = {
		lumenGrey: [],
		tissueGrey: [],
		greyRatio: [],
		axisRatio: [],
		centreDepth: [],
		areaShare: [],
	};
	for (let i = 0; i < Math.max(options.pictures, options.shapes); i++) {
		const seed = mixSeeds(options.seed, i);
		const probe = chooseProbe(new Random(seed), 'any');
		const state = { ...inAir, contact: 1, station: i % 2 };
		if (i < options.shapes) measureShapes(seed, probe, state, found);
		if (i < options.pictures) measureGrey(seed, probe, state, found);
	}
	return Object.fromEntries(
		Object.entries(realVessels).map(([name, real]) => [
			name,
			{ real, simulated: percentilesOf(found[name as keyof typeof realVessels]) },
		]),
	) as GreyLevels;
}

function measureShapes(seed: number, probe: Probe, state: ProbeState, found: Found): void {
	const geometry = new Geometry(makePatient({ seed, content: 'femoral', probe }), probe);
	geometry.update(state, 0);
	const { width, height } = geometry.size;
	for (const vessel of geometry.vessels) {
		if (!isMeasured(vessel)) continue;
		found.axisRatio.push(Math.min(vessel.a, vessel.b) / Math.max(vessel.a, vessel.b));
		found.centreDepth.push(vessel.z / height);
		found.areaShare.push((Math.PI * vessel.a * vessel.b) / (width * height));
	}
}

function measureGrey(seed: number, probe: Probe, state: ProbeState, found: Found): void {
	const { quality } = simulationDefaults;
	const scanner = chooseScanner(seed, probe);
	const subject = new Subject({ seed, content: 'femoral', probe }, scanner, quality, state, false).finish();
	const mode = new BMode(scanner, probe, seed, quality);
	subject.adjust(mode);
	subject.geometry.update(state, 0);
	mode.render(subject.geometry, subject.maps, state, subject.lumen, 0);
	subject.geometry.vessels.forEach((vessel, index) => {
		if (!isMeasured(vessel)) return;
		const regions = regionsOf(subject.geometry, mode.grid, index);
		if (regions.lumen.length < 20 || regions.tissue.length < 20) return;
		const lumen = meanOf(mode.grey, regions.lumen);
		const tissue = meanOf(mode.grey, regions.tissue);
		found.lumenGrey.push(lumen);
		found.tissueGrey.push(tissue);
		found.greyRatio.push(lumen / tissue);
	});
}

function isMeasured(vessel: SeenVessel): boolean {
	return vessel.presence >= 0.5 && (vessel.role === 'artery' || vessel.role === 'vein');
}

/** The same as a table of text. */
export function greyLevelTable(levels: GreyLevels): string {
	const row = (values: Percentiles) =>
		values.map((value) => (value < 1 ? value.toFixed(3) : value.toFixed(1)).padStart(7)).join('');
	const lines = [`${''.padEnd(22)}${['5%', '25%', '50%', '75%', '95%'].map((rank) => rank.padStart(7)).join('')}`];
	for (const [name, { real, simulated }] of Object.entries(levels))
		lines.push(`${`${name} real`.padEnd(22)}${row(real)}`, `${'  simulated'.padEnd(22)}${row(simulated)}`);
	return lines.join('\n');
}

function meanOf(grey: Uint8Array, samples: Int32Array): number {
	let sum = 0;
	for (const i of samples) sum += grey[i]!;
	return sum / Math.max(1, samples.length);
}
