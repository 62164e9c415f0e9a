import { createHash } from 'node:crypto';
import test from 'ava';
import { inAir } from '../../src/simulator/probeState.ts';
import type { Episode, Scenario } from '../../src/simulator/scenario.ts';
import { Simulation, type SimulationOptions } from '../../src/simulator/simulation.ts';
import { trainingScenario } from '../../src/simulator/trainingScenario.ts';

const width = 480;
const height = 360;
const quality = { beams: 96, samples: 200 };

function episode(patientSeed: number, change: Partial<Episode> = {}): Episode {
	return {
		patientSeed,
		content: 'femoral',
		side: 'left',
		thrombus: null,
		start: { ...inAir, contact: 1 },
		acts: [{ act: 'rest', ms: 2000 }],
		...change,
	};
}

function simulation(episodes: Episode[], change: Partial<SimulationOptions> = {}): Simulation {
	const scenario: Scenario = { name: 'test', seed: 1, episodes, repeat: false };
	return new Simulation({
		seed: 1,
		scenario,
		layout: 'classic',
		probe: 'linear',
		width,
		height,
		scannerHz: 20,
		quality,
		...change,
	});
}

/** A screen in grey, with the scan area and the rest told apart. */
function screen(of: Simulation) {
	const bytes = new Uint8Array(width * height);
	return {
		bytes,
		draw: (timeMs: number) => of.draw(bytes, 0, width, 'GREY', timeMs),
		scan() {
			const { x, y, width: across, height: down } = of.roi;
			const rows = Array.from({ length: down }, (_, row) =>
				bytes.subarray((y + row) * width + x, (y + row) * width + x + across),
			);
			return Buffer.concat(rows);
		},
		rest() {
			const copy = bytes.slice();
			const { x, y, width: across, height: down } = of.roi;
			for (let row = 0; row < down; row++) copy.fill(0, (y + row) * width + x, (y + row) * width + x + across);
			return Buffer.from(copy);
		},
	};
}

function fingerprint(seed: number): string {
	const hash = createHash('sha256');
	const scenario = trainingScenario('full-press', seed, 3000);
	const made = simulation(scenario.episodes, { seed, layout: 'any', probe: 'any', scannerHz: 0 });
	const shown = screen(made);
	for (let i = 0; i < 12; i++) {
		shown.draw(i * 120);
		hash.update(shown.bytes).update(`${made.truth.landmark} ${made.truth.vein} ${made.truth.areaRatio}`);
	}
	return hash.digest('hex');
}

test('the same seed gives the same bytes and the same truth, another seed others', (t) => {
	t.is(fingerprint(7), fingerprint(7));
	t.not(fingerprint(7), fingerprint(8));
});

test('a repeated frame has the same scan while the clock goes on', (t) => {
	const made = simulation([episode(3)], { scannerHz: 2 });
	const shown = screen(made);
	t.true(shown.draw(0));
	t.is(made.truth.image, 0);
	const scan = shown.scan();
	const rest = shown.rest();
	t.false(shown.draw(480));
	t.true(shown.scan().equals(scan));
	t.is(made.truth.image, 0);
	t.true(shown.draw(500));
	t.false(shown.scan().equals(scan));
	t.is(made.truth.image, 1);
	shown.draw(1000);
	t.false(shown.rest().equals(rest));
});

test('a frozen scan stands and says so while the clock goes on; then it is live again', (t) => {
	const made = simulation([
		episode(3, {
			acts: [
				{ act: 'rest', ms: 300 },
				{ act: 'freeze', ms: 1500, to: { frozen: 1 } },
				{ act: 'unfreeze', ms: 500, to: { frozen: 0 } },
			],
		}),
	]);
	const shown = screen(made);
	for (let timeMs = 0; timeMs <= 300; timeMs += 50) t.true(shown.draw(timeMs), `${timeMs}`);
	t.false(made.truth.frozen);
	const scan = shown.scan();
	const rest = shown.rest();
	for (let timeMs = 350; timeMs <= 1750; timeMs += 50) {
		t.false(shown.draw(timeMs), `${timeMs}`);
		t.true(shown.scan().equals(scan));
		t.true(made.truth.frozen);
		t.is(made.truth.landmark, 'sfj');
	}
	t.false(shown.rest().equals(rest));
	t.true(shown.draw(1850));
	t.false(made.truth.frozen);
	t.false(shown.scan().equals(scan));
});

test('a new patient comes with another name, and the scan of the one before is gone', (t) => {
	const made = simulation([episode(3), episode(4)]);
	const shown = screen(made);
	shown.draw(1990);
	const scan = shown.scan();
	// The left half of the header, where no clock runs.
	const name = () =>
		Buffer.concat(Array.from({ length: 24 }, (_, y) => shown.bytes.slice(y * width, y * width + width / 2)));
	const before = name();
	t.true(shown.draw(2000));
	t.false(shown.scan().equals(scan));
	t.false(name().equals(before));
	t.false(made.isOver(3999));
	t.true(made.isOver(4000));
});

test('a frame in another place of the memory is drawn whole', (t) => {
	const made = simulation([episode(3)], { scannerHz: 2 });
	const one = new Uint8Array(width * height);
	const two = new Uint8Array(width * height * 2);
	made.draw(one, 0, width, 'GREY', 0);
	t.false(made.draw(two, width * height, width, 'GREY', 20));
	t.false(made.draw(one, 0, width, 'GREY', 20));
	t.true(Buffer.from(one).equals(two.subarray(width * height)));
});

test('YUYV holds the luma of GREY, colour on the screen, and none in the scan', (t) => {
	const make = () => simulation([episode(3)]);
	const grey = new Uint8Array(width * height);
	const yuyv = new Uint8Array(width * height * 2);
	const made = make();
	made.draw(grey, 0, width, 'GREY', 0);
	make().draw(yuyv, 0, width * 2, 'YUYV', 0);
	t.true(grey.every((luma, i) => yuyv[2 * i] === luma));
	const chroma = (x: number, y: number) => yuyv[(y * width + x) * 2 + 1]!;
	t.true(Array.from({ length: width }, (_, x) => chroma(x, 2)).some((value) => value !== 128));
	const { roi } = made;
	for (let y = roi.y; y < roi.y + roi.height; y += 7)
		for (let x = roi.x; x < roi.x + roi.width; x += 5) if (chroma(x, y) !== 128) t.fail(`colour at ${x} ${y}`);
});

test('an open vein is a dark patch where the geometry says it is, a closed one is not', (t) => {
	let clearer = 0;
	for (const seed of [11, 12, 13, 14]) {
		const [open, closed] = [0, 1.2].map((pressure) => {
			const made = simulation([episode(seed, { start: { ...inAir, contact: 1, pressure } })], { seed });
			const shown = screen(made);
			shown.draw(0);
			const vein = made.vessels.find(({ role }) => role === 'vein')!;
			const { roi, probe } = made;
			const scale = roi.width / probe.width;
			let sum = 0;
			let count = 0;
			for (let dy = -0.8; dy <= 0.8; dy += 0.1)
				for (let dx = -0.8; dx <= 0.8; dx += 0.1) {
					if (dx * dx + dy * dy > 0.64) continue;
					const x = Math.round(roi.x + roi.width / 2 + (vein.x + dx * vein.restA) * scale);
					const y = Math.round(roi.y + (vein.z + dy * vein.restB + vein.slant * dx * vein.restA) * scale);
					if (x < roi.x || x >= roi.x + roi.width || y >= roi.y + roi.height) continue;
					sum += shown.bytes[y * width + x]!;
					count++;
				}
			return { grey: sum / count, vein: made.truth.vein };
		});
		t.is(open!.vein, 'open');
		t.is(closed!.vein, 'closed');
		if (closed!.grey > open!.grey * 1.25) clearer++;
	}
	t.true(clearer >= 3, `${clearer} of 4`);
});

test('with the probe in the air the picture is dark below its first bright lines', (t) => {
	const made = simulation([episode(5, { start: inAir })]);
	const shown = screen(made);
	shown.draw(0);
	const scan = shown.scan();
	const mean = (from: number, to: number) => {
		const part = scan.subarray(Math.floor(scan.length * from), Math.floor(scan.length * to));
		return part.reduce((sum, value) => sum + value, 0) / part.length;
	};
	t.true(mean(0, 0.1) > 60, `${mean(0, 0.1)}`);
	t.true(mean(0.5, 1) < mean(0, 0.1) / 3, `${mean(0.5, 1)}`);
});

test('an unknown layout is named with those there are', (t) => {
	t.throws(() => simulation([episode(1)], { layout: 'baroque' }), {
		instanceOf: RangeError,
		message: /baroque.*classic/,
	});
});
