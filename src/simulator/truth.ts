import { noLandmark, type VeinState } from '../exam/observation.ts';
import { type Geometry, stationOf } from './geometry.ts';
import type { ProbeState } from './probeState.ts';

/** What is really under the probe, from the geometry alone. Reused from image to image. */
export interface Truth {
	landmark: 'sfj' | 'fv' | typeof noLandmark;
	vein: VeinState;
	/** Area of the femoral vein's lumen over its area at rest in this plane; 0 where there is none in view. */
	areaRatio: number;
	/** The operator has frozen the picture; the rest is that of the frozen image. */
	frozen: boolean;
	/** Counts fresh images from 0. */
	image: number;
}

export function noTruth(): Truth {
	return { landmark: noLandmark, vein: 'none', areaRatio: 0, frozen: false, image: -1 };
}

/** Under 10% of the resting area is closed, 10 to 60% closing, above open. */
export function veinStateOf(areaRatio: number): VeinState {
	if (areaRatio < 0.1) return 'closed';
	return areaRatio <= 0.6 ? 'closing' : 'open';
}

/** How much of a beam touches the skin, 0..1; `across` is 0 at the left edge of the probe, 1 at the right. */
export function contactAt(contact: number, across: number): number {
	return Math.max(0, Math.min(1, contact * 1.5 - across * 0.5));
}

/** Judges the geometry as it was last updated. @param out takes the answer */
export function judge(geometry: Geometry, state: Readonly<ProbeState>, image: number, out: Truth): void {
	out.landmark = noLandmark;
	out.vein = 'none';
	out.areaRatio = 0;
	out.frozen = state.frozen > 0;
	out.image = image;
	const landmark = geometry.patient.content === 'femoral' ? stationOf(state.station) : null;
	const { vein, probe } = geometry;
	if (landmark === null || vein === null || state.away >= 0.5) return;
	const { width, height } = geometry.size;
	const half = probe.kind === 'linear' ? width / 2 : (probe.radius + vein.depth) * Math.sin(probe.halfAngle);
	// About two thirds of the vein at rest lie inside the picture: that it widens under pressure does not push it out.
	const inside = Math.abs(vein.x) <= half - vein.restA / 3 && vein.z <= height - vein.b / 3;
	if (!inside || contactAt(state.contact, vein.x / (2 * half) + 0.5) < 0.5) return;
	out.landmark = landmark;
	out.areaRatio = vein.areaRatio;
	out.vein = veinStateOf(vein.areaRatio);
}
