/** Cells of the longer side of a screen; cells are about square. */
export const longestSide = 224;

/**
 * What is known of a screen, cell by cell: rows of `width` cells, `height` rows; allocated once for the largest grid.
 * AreaSearch fills it, AreaFinder judges it.
 */
export interface ScreenMaps {
	/** Cells of the screen at hand. */
	width: number;
	height: number;
	/** Mean grey over the time watched, 0..255. */
	readonly level: Float32Array;
	/** Mean absolute change from one look to the next, grey levels. */
	readonly activity: Float32Array;
	/** Largest step between two neighbouring pixels of the cell at full resolution, grey levels. */
	readonly step: Uint8Array;
}

export function createMaps(): ScreenMaps {
	const cells = longestSide * longestSide;
	return {
		width: 0,
		height: 0,
		level: new Float32Array(cells),
		activity: new Float32Array(cells),
		step: new Uint8Array(cells),
	};
}

/** Fits the maps to a screen and empties them. */
export function clearMaps(maps: ScreenMaps, frameWidth: number, frameHeight: number): void {
	const cell = Math.max(frameWidth, frameHeight) / longestSide;
	maps.width = Math.max(1, Math.round(frameWidth / cell));
	maps.height = Math.max(1, Math.round(frameHeight / cell));
	maps.level.fill(0);
	maps.activity.fill(0);
	maps.step.fill(0);
}
