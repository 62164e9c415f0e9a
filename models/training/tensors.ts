// Draws a training set with the simulator, in parts of one cycle of kinds each; parts that are complete are kept.
//   node --import tsx models/training/tensors.ts train|judge|unclosed OUT SEED RECORDINGS [SHARE OF]
// `judge` and `unclosed` are to be judged on; `unclosed` holds presses that close nothing: clots as bright as tissue, half presses.
// SHARE of OF: several processes draw one set together, process 0 of 2 and process 1 of 2.
// Unlike the simulator's own tensor sets, these say where the vessels are: see README.md.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AreaAverage, type Window } from '../../src/simulator/areaAverage.ts';
import { CaptureRule } from '../../src/simulator/captureRule.ts';
import { memoryFor } from '../../src/simulator/playback.ts';
import { pictureSize } from '../../src/simulator/probe.ts';
import { Random } from '../../src/simulator/random.ts';
import { planRecording, type RecordingPlan, recordingPlanDefaults } from '../../src/simulator/recordingPlan.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';
import { SimulatorSource } from '../../src/simulator/simulatorSource.ts';
import type { VesselRole } from '../../src/simulator/vessel.ts';

const size = 128;
const partSize = 25;
/** Neighbouring images teach little, so most recordings are slow: more patients for the same work. */
const rates = [13, 15, 15, 18, 18, 20, 20, 22, 25, 38];
/** Most are worked out on a coarser grid of beams, in half the time; a tensor has fewer pixels than either. */
const fine = { beams: 160, samples: 416 };
const coarse = { beams: 112, samples: 288 };
const unclosed = ['isoechoic-thrombus', 'half-press', 'isoechoic-thrombus'] as const;
const roles: readonly VesselRole[] = ['vein', 'artery', 'deep-artery', 'saphenous', 'node'];
const memory = memoryFor(recordingPlanDefaults.sizes);

/** The scan area, each edge up to 4% off, as a box that found it for itself might see it. */
function found({ roi, width, height }: Simulation, random: Random): Window {
	const off = () => random.between(-0.04, 0.04);
	const left = Math.max(0, roi.x + off() * roi.width);
	const top = Math.max(0, roi.y + off() * roi.height);
	const right = Math.min(width, roi.x + roi.width * (1 + off()));
	const bottom = Math.min(height, roi.y + roi.height * (1 + off()));
	return { x: left, y: top, width: right - left, height: bottom - top };
}

/** For each role: presence, centre x and y, half-axes, slant, half-axes at rest; shares of the tensor's width and height. */
function vesselsOf(simulation: Simulation, area: Window): number[] {
	const { roi, state, vessels } = simulation;
	const picture = pictureSize(simulation.probe);
	const across = roi.width / picture.width / area.width;
	const down = roi.height / picture.height / area.height;
	return roles.flatMap((role) => {
		const seen = vessels.find((each) => each.role === role && each.presence > 0);
		if (!seen || state.contact < 0.6) return [0, 0, 0, 0, 0, 0, 0, 0];
		const x = (roi.x + roi.width / 2 - area.x) / area.width + seen.x * across;
		const y = (roi.y - area.y) / area.height + seen.z * down;
		const slant = (seen.slant * down) / across;
		return [seen.presence, x, y, seen.a * across, seen.b * down, slant, seen.restA * across, seen.restB * down];
	});
}

function draw(folder: string, plan: RecordingPlan, fineOnly: boolean) {
	const random = new Random(plan.seed, 101);
	const scannerHz = random.pick(rates);
	const quality = fineOnly || random.chance(0.3) ? fine : coarse;
	const source = new SimulatorSource({ ...plan, hdmiHz: 60, scannerHz, quality, pace: 'fast', pixelFormat: 'GREY' });
	source.open(memory);
	const simulation = source.simulation!;
	const area = found(simulation, random);
	const average = new AreaAverage(area, size);
	const rule = new CaptureRule();
	const images: Uint8Array[] = [];
	const vessels: number[] = [];
	const rows = ['frame,timeMs,landmark,vein'];
	for (let pull = source.next(0); pull.kind === 'frame'; pull = source.next(0)) {
		const { frame } = pull;
		const { truth } = source;
		const timeMs = (frame.sequence * 1000) / 60;
		if (source.fresh || truth.frozen) rule.see(truth, timeMs);
		if (!source.fresh) continue;
		const image = new Uint8Array(size * size);
		average.average(memory.bytes, frame.offset, frame.stride, image, 0);
		images.push(image);
		vessels.push(...vesselsOf(simulation, area));
		rows.push(`${images.length - 1},${timeMs.toFixed(2)},${truth.landmark},${truth.vein}`);
	}
	source.close();
	writeFileSync(join(folder, `${plan.id}.u8`), Buffer.concat(images));
	writeFileSync(join(folder, `${plan.id}.f32`), Float32Array.from(vessels));
	writeFileSync(join(folder, `${plan.id}.csv`), `${rows.join('\n')}\n`);
	const { id, kind, subject, side, landmark } = plan;
	const outcome = landmark === 'none' ? 'not-captured' : rule.outcome(landmark);
	return { id, kind, subject, side, images: images.length, scannerHz, expected: { landmark, outcome } };
}

const [purpose, out, ...numbers] = process.argv.slice(2);
const [seed, recordings, share = 0, of = 1] = numbers.map(Number);
if (
	!(purpose === 'train' || purpose === 'judge' || purpose === 'unclosed') ||
	!out ||
	seed === undefined ||
	recordings === undefined ||
	numbers.some((text) => !/^\d+$/.test(text))
) {
	console.error('usage: tensors.ts train|judge|unclosed OUT SEED RECORDINGS [SHARE OF]');
	process.exit(2);
}
const kinds = purpose === 'unclosed' ? unclosed : recordingPlanDefaults.kinds;
const began = Date.now();
let images = 0;
for (let part = share; part * partSize < recordings; part += of) {
	const folder = join(out, `part-${String(part).padStart(3, '0')}`);
	if (existsSync(join(folder, 'index.json'))) continue;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const entries = [];
	for (let index = part * partSize; index < Math.min(recordings, (part + 1) * partSize); index++) {
		const entry = draw(folder, planRecording({ ...recordingPlanDefaults, kinds, seed }, index), purpose !== 'train');
		entries.push(entry);
		images += entry.images;
	}
	writeFileSync(join(folder, 'index.part'), `${JSON.stringify({ seed, recordings: entries }, null, '\t')}\n`);
	renameSync(join(folder, 'index.part'), join(folder, 'index.json'));
	console.log(`${folder}: ${(images / ((Date.now() - began) / 1000)).toFixed(0)} images/s`);
}
