import type { Observation } from '../../src/exam/observation.ts';
import type { Protocol } from '../../src/exam/protocol.ts';

// What counts as captured, written from the rules alone: it looks back over the whole history, keeps no state, and
// shares no code with the exam. Slow on purpose.

/** The landmark of the protocol that this observation shows for sure; null without one. */
function siteOf(o: Observation, protocol: Protocol): string | null {
	const sure = o.landmarkConfidence >= protocol.thresholds.landmark;
	return sure && protocol.sites.includes(o.landmark) ? o.landmark : null;
}

function sureOpen(o: Observation, protocol: Protocol): boolean {
	return o.vein === 'open' && o.veinConfidence >= protocol.thresholds.open;
}

export function sureClosed(o: Observation, protocol: Protocol): boolean {
	return o.vein === 'closed' && o.veinConfidence >= protocol.thresholds.closed;
}

/** Whether history[from] to history[to] are one pass at `site`, seen in one piece. */
export function onePiece(history: Observation[], from: number, to: number, site: string, protocol: Protocol): boolean {
	let fresh: Observation | null = null;
	let judged: Observation | null = null;
	for (const o of history.slice(from, to + 1)) {
		if (o.signal !== 'ok' || o.scene !== 'live' || !Number.isFinite(o.timeMs)) return false;
		if (o.repeated) {
			if (fresh !== null && o.timeMs < fresh.timeMs) return false;
			continue;
		}
		if (siteOf(o, protocol) !== site || o.vein === 'none') return false;
		if (fresh !== null && (o.timeMs <= fresh.timeMs || o.timeMs - fresh.timeMs > protocol.maxGapMs)) return false;
		if (judged !== null && o.timeMs - judged.timeMs > protocol.maxGapMs) return false;
		fresh = o;
		if (o.vein === 'closing' || sureOpen(o, protocol) || sureClosed(o, protocol)) judged = o;
	}
	return true;
}

/** The fresh images of the longest pass that ends with history[at]; empty when that is not one. */
function passUpTo(history: Observation[], at: number, protocol: Protocol): Observation[] {
	const site = siteOf(history[at]!, protocol);
	if (site === null || history[at]!.repeated) return [];
	let from = at + 1;
	while (from > 0 && onePiece(history, from - 1, at, site, protocol)) from--;
	return history.slice(from, at + 1).filter((o) => !o.repeated);
}

/** Whether the vein was seen open in the pass that ends with history[at], before that image. */
export function wasOpen(history: Observation[], at: number, protocol: Protocol): boolean {
	return openBefore(passUpTo(history, at, protocol), Number.POSITIVE_INFINITY, protocol);
}

function openBefore(pass: Observation[], end: number, protocol: Protocol): boolean {
	const before = pass.slice(0, Math.min(end, pass.length));
	return before.some((first, a) =>
		before.some(
			(last, b) =>
				b >= a &&
				last.timeMs - first.timeMs >= protocol.openMs &&
				before.slice(a, b + 1).every((o) => sureOpen(o, protocol)),
		),
	);
}

/** Whether history up to and with history[at] proves: seen open, then closed, live, in one pass. */
export function provesClosure(history: Observation[], at: number, protocol: Protocol): boolean {
	const pass = passUpTo(history, at, protocol);
	let start = pass.length;
	while (start > 0 && sureClosed(pass[start - 1]!, protocol)) start--;
	const closure = pass.slice(start);
	if (closure.length < protocol.closedImages) return false;
	if (closure.at(-1)!.timeMs - closure[0]!.timeMs < protocol.closedMs) return false;
	return openBefore(pass, start, protocol);
}
