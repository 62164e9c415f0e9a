import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { shippedPath } from '../../packageRoot.ts';

/** A way from a frame to the network's answer, or why it cannot be tried here. */
export interface Entry {
	id: string;
	name: string;
	/** Program and arguments; null where something is missing. */
	command: readonly string[] | null;
	/** What to do where something is missing. */
	missing: string;
	/** How far its input may be from ours, grey levels (mean, largest), and its probabilities from ours. */
	tolerance: { mean: number; largest: number; probability: number };
}

/** The first is ours: the others are measured by it. */
export function contenderList(): Entry[] {
	const node = (name: string) => [process.execPath, fileURLToPath(new URL(`contenders/${name}.js`, import.meta.url))];
	const python = pythonWithOpenCv();
	const whole = { mean: 0.01, largest: 0.1, probability: 0.001 };
	// Every row, where ours reads every second one of a high area.
	const everyRow = { mean: 0.4, largest: 4, probability: 0.05 };
	// That, and pixels in whole grey levels.
	const rounded = { mean: 0.8, largest: 5, probability: 0.05 };
	// A triangle, where an area is meant (sharp; OpenCV 5 differs as much, OpenCV 4.6 only rounds).
	const otherFilter = { mean: 4, largest: 64, probability: 0.2 };
	return [
		{ id: 'phlebox', name: 'phlebox, the whole way', command: node('phlebox'), missing: '', tolerance: whole },
		{
			...{ id: 'phlebox-parts', name: 'phlebox, pixels and network only', command: node('phleboxParts') },
			...{ missing: '', tolerance: whole },
		},
		{
			...{ id: 'node', name: 'plain Node', command: node('plainNode'), missing: '', tolerance: everyRow },
		},
		{
			...{ id: 'sharp', name: 'sharp', command: has('sharp') ? node('sharp') : null },
			missing: 'npm install --no-save sharp',
			tolerance: otherFilter,
		},
		{
			...{ id: 'opencv', name: 'OpenCV in Python' },
			command: python === null ? null : [python, shippedPath('dist/evaluation/against/opencv.py')],
			...{ missing: 'apt-get install python3-opencv', tolerance: otherFilter },
		},
		{
			...{ id: 'ffmpeg', name: 'ffmpeg and a pipe', command: runs('ffmpeg', '-version') ? node('ffmpeg') : null },
			...{ missing: 'apt-get install ffmpeg', tolerance: rounded },
		},
	];
}

function has(module: string): boolean {
	try {
		createRequire(import.meta.url).resolve(module);
		return true;
	} catch {
		return false;
	}
}

/** Debian's own Python may not be the first in the path, and only it sees Debian's packages. */
function pythonWithOpenCv(): string | null {
	return ['python3', '/usr/bin/python3'].find((python) => runs(python, '-c', 'import cv2')) ?? null;
}

function runs(program: string, ...args: string[]): boolean {
	try {
		execFileSync(program, args, { stdio: 'ignore', timeout: 20_000 });
		return true;
	} catch {
		return false;
	}
}
