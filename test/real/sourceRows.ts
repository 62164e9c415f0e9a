// How far the network's input is from the exact area average: rounded edges of rows, and rows that are left out where a picture is
// high. Simulated scan areas, and real screens and stills as a whole.
//   node --import tsx test/real/sourceRows.ts FOLDER
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Frame, frameBytes, lumaLayout, type Roi } from '../../src/capture/frame.ts';
import { createFrameMemory, type FrameMemory } from '../../src/capture/frameMemory.ts';
import { benchSimulation } from '../../src/evaluation/bench.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { createSourceRows, placeRows } from '../../src/inference/sourceRows.ts';
import { recordings, stills, withFrame } from './survey.ts';

const side = 128;

interface Difference {
	/** Grey levels: root mean square, and largest. */
	rms: number;
	largest: number;
	/** Which rows were read. */
	rows: string;
}

function difference(memory: FrameMemory, frame: Frame, roi: Roi): Difference {
	const kernel = new SimdKernel(memory);
	const input = memory.reserve(4 * side * side);
	kernel.areaAverage(frame, roi, input, side, side);
	const floats = new Float32Array(memory.memory.buffer, input, side * side);
	const rows = createSourceRows();
	placeRows(rows, roi, side);
	let [squares, largest] = [0, 0];
	for (let at = 0; at < floats.length; at++) {
		const greys = Math.abs(exactly(memory.bytes, frame, roi, Math.floor(at / side), at % side) - 255 * floats[at]!);
		squares += greys * greys;
		largest = Math.max(largest, greys);
	}
	return {
		rms: Math.sqrt(squares / floats.length),
		largest,
		rows: rows.apart === 2 ? 'every second row' : 'every row',
	};
}

/** Mean of all pixels under one pixel of the input, each by the share of it that lies there; grey levels. */
function exactly(bytes: Uint8Array, frame: Frame, roi: Roi, row: number, column: number): number {
	const { first, step } = lumaLayout(frame.pixelFormat);
	const [top, bottom] = [row, row + 1].map((edge) => roi.y + (edge * roi.height) / side) as [number, number];
	const [left, right] = [column, column + 1].map((edge) => roi.x + (edge * roi.width) / side) as [number, number];
	let sum = 0;
	for (let y = Math.floor(top); y < bottom; y++)
		for (let x = Math.floor(left); x < right; x++) {
			const share = (Math.min(y + 1, bottom) - Math.max(y, top)) * (Math.min(x + 1, right) - Math.max(x, left));
			sum += share * bytes[frame.offset + first + y * frame.stride + x * step]!;
		}
	return sum / ((bottom - top) * (right - left));
}

function print(what: string, { rms, largest, rows }: Difference): void {
	const figures = `${rms.toFixed(2)} root mean square, ${largest.toFixed(1)} at most`;
	console.log(`${figures.padEnd(40)}${rows.padEnd(18)}${what}`);
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
		print(`${width}x${height} simulated scan area`, difference(memory, frame, { x, y, width, height }));
	}
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const [folder] = process.argv.slice(2);
	if (!folder) {
		console.error('usage: sourceRows.ts FOLDER');
		process.exit(2);
	}
	console.log('grey levels between the network’s input and the exact area average');
	simulated();
	const groin = join(folder, 'groin-stills');
	const some = stills(groin).filter((_, at) => at % 40 === 0);
	for (const file of [...recordings(folder), ...some.map((name) => join(groin, name))]) {
		const memory = createFrameMemory(1);
		withFrame(
			file,
			(frame) => {
				const { width, height } = frame;
				const words = `${width}x${height} ${file.slice(join(folder, '/').length)}`;
				print(words, difference(memory, frame, { x: 0, y: 0, width, height }));
			},
			memory,
		);
	}
}
