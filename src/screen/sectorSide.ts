/** One side of a sector as a straight line x = at + slope * y; cells. */
export interface SectorSide {
	at: number;
	slope: number;
	/** Share of the judged rows that lie on it. */
	support: number;
}

/** Rows from which lines are tried, in pairs. */
const tries = 24;
/** Cells by which an edge may leave its line. */
const near = 1.5;
/** Share of rows that may reach over the line: noise and lettering that touch the picture. */
const mayReachOver = 0.08;

/**
 * The straight line along one side of a picture: the one that most rows touch and hardly a row reaches over. A dark
 * picture lies within its true edge here and there, so the best line is no mean of all rows.
 * @param edge outermost cell of each row, -1 where the row is empty
 * @param from first row; `to` row behind the last
 * @param outward -1 for the left side, 1 for the right
 * @param side answer; support 0 where there is no such line
 */
export function fitSide(edge: Int16Array, from: number, to: number, outward: -1 | 1, side: SectorSide): void {
	side.at = side.slope = side.support = 0;
	const rows = to - from;
	if (rows < 4) return;
	const stride = Math.max(1, Math.floor(rows / tries));
	for (let a = from; a < to; a += stride) {
		if (edge[a]! < 0) continue;
		for (let b = a + Math.max(3, rows >> 2); b < to; b += stride) {
			if (edge[b]! < 0) continue;
			const slope = (edge[b]! - edge[a]!) / (b - a);
			const at = edge[a]! - slope * a;
			const support = supportOf(edge, from, to, outward, at, slope);
			if (support <= side.support) continue;
			side.at = at;
			side.slope = slope;
			side.support = support;
		}
	}
}

/** Slopes that differ by more than this factor are no two sides of one sector. */
const mostUneven = 1.6;

/** What a side is worth at least that was taken from the other one. */
const leaningSupport = 0.3;

/**
 * Sectors are symmetric: where the two slopes differ too much, the side with the lesser support takes the other's slope
 * and moves out until hardly a row reaches over it.
 */
export function evenOut(
	leftEdge: Int16Array,
	rightEdge: Int16Array,
	from: number,
	to: number,
	left: SectorSide,
	right: SectorSide,
): void {
	const ratio = left.slope / -right.slope;
	if (ratio > 1 / mostUneven && ratio < mostUneven) return;
	if (left.support < right.support) lean(leftEdge, from, to, -1, -right.slope, left);
	else lean(rightEdge, from, to, 1, -left.slope, right);
}

function lean(edge: Int16Array, from: number, to: number, outward: -1 | 1, slope: number, side: SectorSide): void {
	side.slope = slope;
	side.support = 0;
	for (let y = from; y < to; y++) {
		if (edge[y]! < 0) continue;
		const at = edge[y]! - slope * y;
		const support = supportOf(edge, from, to, outward, at, slope);
		if (support <= side.support) continue;
		side.at = at;
		side.support = support;
	}
	side.support = Math.max(side.support, leaningSupport);
}

function supportOf(edge: Int16Array, from: number, to: number, outward: number, at: number, slope: number): number {
	let on = 0;
	let over = 0;
	let rows = 0;
	for (let y = from; y < to; y++) {
		if (edge[y]! < 0) continue;
		rows++;
		const out = (edge[y]! - at - slope * y) * outward;
		if (out > near) over++;
		else if (out > -near) on++;
	}
	return over > mayReachOver * rows ? 0 : on / rows;
}
