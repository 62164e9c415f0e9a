import { Random } from './random.ts';

const side = 256;
const lattice = new Float32Array(side * side);
const random = new Random(0x5eed, 1);
for (let i = 0; i < lattice.length; i++) lattice[i] = random.next();

/**
 * Smooth noise in [0, 1]: random values on a lattice of unit cells, blended between them. Repeats every 256 cells.
 * @param x, y position in cells; @param layer another picture for each whole number
 */
export function smoothNoise(x: number, y: number, layer: number): number {
	const column = Math.floor(x);
	const row = Math.floor(y);
	const u = x - column;
	const v = y - row;
	const across = u * u * (3 - 2 * u);
	const down = v * v * (3 - 2 * v);
	const left = (column + layer * 73) & 255;
	const right = (left + 1) & 255;
	const top = ((row + layer * 151) & 255) << 8;
	const bottom = (top + 256) & 65535;
	const upper = lattice[top | left]! + (lattice[top | right]! - lattice[top | left]!) * across;
	const lower = lattice[bottom | left]! + (lattice[bottom | right]! - lattice[bottom | left]!) * across;
	return upper + (lower - upper) * down;
}
