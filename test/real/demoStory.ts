// Whether the demo tells its story with the shipped model: one examination in which both sites are captured, then one in
// which the vein in the thigh does not close. Plays seeds as fast as they go.
//   node --import tsx test/real/demoStory.ts SEED [SEED ...]
import { pathToFileURL } from 'node:url';
import { loadConfig } from '../../src/config/load.ts';
import type { ExamRecord } from '../../src/exam/record.ts';
import { demoIdleEndMs } from '../../src/simulator/demoScenario.ts';
import { SimulatorSource } from '../../src/simulator/simulatorSource.ts';
import { assemble } from '../../src/vision/assemble.ts';
import { sitesOf } from '../../src/vision/protocol.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

type Examination = Extract<ExamRecord, { kind: 'examination' }>;

/** The first two examinations of a seed. */
export function story(seed: number, turns = 4000): Examination[] {
	const config = loadConfig(null, {});
	config.exam.idleEndMs = demoIdleEndMs;
	const told: Examination[] = [];
	const source = new SimulatorSource({ ...config.capture.simulator, seed, pace: 'fast' });
	const { loop, close } = assemble({
		...{ config, board: new StatusBoard(sitesOf(config)), exam: null, source },
		record: (record) => record.kind === 'examination' && told.push(record),
	});
	try {
		for (let turn = 0; turn < turns && told.length < 2; turn++) loop.turn();
	} finally {
		close();
	}
	return told;
}

/** What a seed tells otherwise than it should, or null. */
export function astray([first, second]: Examination[]): string | null {
	if (first?.outcome !== 'captured') return 'the first examination is not captured';
	if (second?.outcome !== 'not-captured') return 'the second examination is captured, or did not end';
	return second.sites[0]?.outcome === 'captured' ? null : 'the groin of the second examination is not captured';
}

function main(seeds: number[]): void {
	for (const seed of seeds) {
		const told = story(seed);
		const sites = told.map(
			({ outcome, sites }) => `${outcome} (${sites.map((s) => `${s.site} ${s.outcome}`).join(', ')})`,
		);
		console.log(`seed ${seed}: ${astray(told) ?? 'as it should be'}: ${sites.join('; ')}`);
	}
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2).map(Number));
