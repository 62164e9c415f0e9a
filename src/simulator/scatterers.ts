import { Random } from './random.ts';

/**
 * One tile of scatterers that all tissue is filled with: complex Gaussian, variance 1, laid out column by column. It is
 * band-limited to about two cells, so that reading the nearest cell moves smoothly under deformation while the point
 * spread function still sees it as white. It repeats every 31 mm down and 46 mm across.
 */
export const scatterers = {
	/** Millimetres of a cell: across and down. */
	cellX: 0.18,
	cellZ: 0.06,
	/** Cells are numbered column * 2^rowBits + row. */
	columns: 256,
	rows: 512,
	rowBits: 9,
	mask: 256 * 512 - 1,
} as const;

let made: Float32Array | null = null;

/** The tile: real and imaginary part interleaved, 2 * 256 * 512 values. Made once a process. */
export function scattererTile(): Float32Array {
	made ??= makeTile();
	return made;
}

function makeTile(): Float32Array {
	const { columns, rows } = scatterers;
	const random = new Random(0x5ca77e2);
	const raw = new Float32Array(columns * rows * 2);
	for (let i = 0; i < raw.length; i++) raw[i] = random.gaussian();
	const tile = new Float32Array(raw.length);
	// Binomial blur 1-2-1 both ways; 8/3 restores the variance.
	const at = (column: number, row: number, part: number) =>
		raw[((((column + columns) % columns) * rows + ((row + rows) % rows)) << 1) + part]!;
	for (let column = 0; column < columns; column++)
		for (let row = 0; row < rows; row++)
			for (let part = 0; part < 2; part++) {
				let sum = 0;
				for (let i = -1; i <= 1; i++)
					for (let j = -1; j <= 1; j++) sum += at(column + i, row + j, part) * (i === 0 ? 2 : 1) * (j === 0 ? 2 : 1);
				tile[((column * rows + row) << 1) + part] = (sum / 16) * (8 / 3) * Math.SQRT1_2;
			}
	return tile;
}
