import { PhleboxError } from '../errors.ts';
import { noLandmark } from './observation.ts';
import { type Side, sides } from './record.ts';

/** Lowest probabilities that count, 0..1: at or above is enough. They belong to the model: its manifest names them. */
export interface Thresholds {
	/** The landmark is in view. */
	landmark: number;
	/** The vein is open. */
	open: number;
	/** The vein is closed. */
	closed: number;
}

/** The rules of the examination. All times in milliseconds, of the frames' own timestamps. */
export interface Protocol {
	/** Sites to capture. They may be captured in any order; the order is for display and records. */
	sites: readonly string[];
	/** Side of an examination for which nobody said one. */
	side: Side;
	thresholds: Thresholds;
	/** The vein counts as seen open after this long an unbroken run of open images. One stray image is not enough. */
	openMs: number;
	/** The vein counts as closed after this long an unbroken run of closed images. */
	closedMs: number;
	/** ... that has at least so many fresh images, so that two images far apart do not make a closure. */
	closedImages: number;
	/** Longest time between two fresh images of one pass; after a longer one the pass starts anew. */
	maxGapMs: number;
	/** How long a judgement may be shown when no newer one comes: the expiry of what the light says. */
	resultMs: number;
	/** How long `press` and `release` stay over images that are not sure, against flicker. Never longer than resultMs. */
	steadyMs: number;
	/** A landmark in view for this long without a break counts as seen, and starts an examination. */
	sightMs: number;
	/** A press shorter than this is not counted as one. */
	minPressMs: number;
	/** After pressing this long without closure the light says `release`. */
	pressLimitMs: number;
	/** A scan that is found frozen is called so after this time; before it, it may only not have begun to run yet. */
	frozenSayMs: number;
	/** How long the light says `release` after a press that did not count. */
	releaseShowMs: number;
	/** How long the light says `captured`, at most: it stops at once when the pass ends. */
	capturedShowMs: number;
	/** How long the light says `exam-done` after the probe was lifted. While it is not lifted, the light goes on saying it. */
	examDoneShowMs: number;
	/** Live images without a landmark for this long mean that the probe was lifted; only then may the next begin. */
	liftMs: number;
	/**
	 * An examination ends when no landmark was seen for this long, whatever the reason, once a landmark was seen in it.
	 * Longer lets an operator search or freeze in peace; shorter keeps two patients apart.
	 */
	idleEndMs: number;
	/** An examination ends after this long in any case. */
	timeLimitMs: number;
}

export const protocolDefaults: Protocol = {
	sites: ['sfj', 'fv'],
	side: 'unknown',
	thresholds: { landmark: 0.7, open: 0.7, closed: 0.8 },
	openMs: 100,
	closedMs: 200,
	closedImages: 3,
	maxGapMs: 250,
	resultMs: 250,
	steadyMs: 150,
	sightMs: 200,
	minPressMs: 100,
	pressLimitMs: 5000,
	frozenSayMs: 300,
	releaseShowMs: 800,
	capturedShowMs: 2000,
	examDoneShowMs: 10_000,
	liftMs: 1000,
	idleEndMs: 60_000,
	timeLimitMs: 1_200_000,
};

const durations = [
	...['openMs', 'closedMs', 'maxGapMs', 'resultMs', 'steadyMs', 'sightMs', 'minPressMs', 'pressLimitMs', 'frozenSayMs'],
	...['releaseShowMs', 'capturedShowMs', 'examDoneShowMs', 'liftMs', 'idleEndMs', 'timeLimitMs'],
] as (keyof Protocol)[];
const aboveZero: readonly (keyof Protocol)[] = ['closedMs', 'maxGapMs', 'resultMs', 'idleEndMs', 'timeLimitMs'];

/** @throws PhleboxError config-invalid, naming the first rule that makes no sense */
export function checkProtocol(protocol: Protocol): void {
	const fault = faultOf(protocol);
	if (fault !== null) throw new PhleboxError('config-invalid', `examination protocol: ${fault}`);
}

function faultOf(protocol: Protocol): string | null {
	const { sites, thresholds, closedImages } = protocol;
	if (sites.length === 0) return 'sites is empty; name at least one landmark';
	if (new Set(sites).size !== sites.length) return `sites names one landmark twice: ${sites.join(', ')}`;
	if (sites.includes(noLandmark)) return `sites names "${noLandmark}", which is no landmark`;
	if (!sides.includes(protocol.side)) return `side is "${protocol.side}"; use one of ${sides.join(', ')}`;
	for (const name of ['landmark', 'open', 'closed'] as const)
		if (!(thresholds[name] > 0 && thresholds[name] <= 1))
			return `threshold ${name} is ${thresholds[name]}; use a probability above 0, up to 1`;
	if (!(Number.isInteger(closedImages) && closedImages >= 1))
		return `closedImages is ${closedImages}; use a whole number from 1`;
	for (const name of durations) {
		const value = protocol[name] as number;
		if (!(Number.isFinite(value) && value >= 0)) return `${name} is ${value}; use milliseconds from 0`;
		if (value === 0 && aboveZero.includes(name)) return `${name} is 0; use milliseconds above 0`;
	}
	return null;
}
