// How far the network's input is from what it would be if every row of the picture were read: simulated scan areas, and whole
// screens where they are high enough for rows to be left out.
//   node --import tsx test/real/sourceRows.ts FOLDER
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Frame, frameBytes, type Roi } from '../../src/capture/frame.ts';
import { createFrameMemory, type FrameMemory } from '../../src/capture/frameMemory.ts';
import { benchSimulation } from '../../src/evaluation/bench.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { createSourceRows, placeRows } from '../../src/inference/sourceRows.ts';
import { recordings, withFrame } from './survey.ts';

const side = 128;
/** So many rows of a finer output make one: none of the source is left out for it. */
const finer = 8;

interface Difference {
	/** Grey levels: root mean square, and largest. */
	rms: number;
	largest: number;
}

/** Null where every row is read anyway. */
function difference(memory: FrameMemory, frame: Frame, roi: Roi): Difference | null {
	const rows = createSourceRows();
	placeRows(rows, roi, side);
	if (rows.apart === 1) return null;
	const kernel = new SimdKernel(memory);
	const [sparse, dense] = [memory.reserve(4 * side * side), memory.reserve(4 * side * side * finer)];
	kernel.areaAverage(frame, roi, sparse, side, side);
	kernel.areaAverage(frame, roi, dense, side, side * finer);
	const floats = new Float32Array(memory.memory.buffer);
	let [squares, largest] = [0, 0];
	for (let row = 0; row < side; row++)
		for (let column = 0; column < side; column++) {
			let all = 0;
			for (let i = 0; i < finer; i++) all += floats[dense / 4 + (row * finer + i) * side + column]! / finer;
			const greys = 255 * Math.abs(all - floats[sparse / 4 + row * side + column]!);
			squares += greys * greys;
			largest = Math.max(largest, greys);
		}
	return { rms: Math.sqrt(squares / side / side), largest };
}

function print(what: string, said: Difference | null): void {
	const words = said
		? `${said.rms.toFixed(2)} root mean square, ${said.largest.toFixed(1)} at most`
		: 'every row is read';
	console.log(`${words.padEnd(48)}${what}`);
}

function simulated(): void {
	const { simulation, draw } = benchSimulation({ width: 1920, height: 1080, pixelFormat: 'YUYV' });
	const { x, y, width, height } = simulation.roi;
	for (let slot = 0; slot < 4; slot++) {
		const memory = createFrameMemory(1);
		const byteLength = frameBytes('YUYV', 3840, 1080);
		const offset = memory.slotOffset(0);
		draw(slot, memory.bytes.subarray(offset, offset + byteLength));
		const frame: Frame = {
			...{
				width: 1920,
				height: 1080,
				pixelFormat: 'YUYV',
				stride: 3840,
				offset,
				byteLength,
				sequence: 0,
				timestampMs: 0,
			},
		};
		print(`simulated scan area of ${width}x${height}`, difference(memory, frame, { x, y, width, height }));
	}
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const [folder] = process.argv.slice(2);
	if (!folder) {
		console.error('usage: sourceRows.ts FOLDER');
		process.exit(2);
	}
	console.log('grey levels between the network’s input and one of all rows');
	simulated();
	for (const file of recordings(folder)) {
		const memory = createFrameMemory(1);
		withFrame(
			file,
			(frame) => {
				const { width, height } = frame;
				const words = `${file.slice(join(folder, '/').length)}, the whole picture of ${width}x${height}`;
				print(words, difference(memory, frame, { x: 0, y: 0, width, height }));
			},
			memory,
		);
	}
}
