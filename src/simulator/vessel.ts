/**
 * What a vessel is. `twin` is the second one of a doubled femoral vein. `node` is a lymph node: dark like a vessel, with a
 * bright middle, and it does not close.
 */
export const vesselRoles = ['artery', 'deep-artery', 'vein', 'twin', 'saphenous', 'small', 'node'] as const;
export type VesselRole = (typeof vesselRoles)[number];

/**
 * A vessel across the picture, an upright ellipse that may be slanted. At rest in the undeformed body, or deformed as the
 * probe sees it. Millimetres.
 */
export interface Vessel {
	role: VesselRole;
	/** Centre: x to the medial side in the body (to the right in the picture), z below the skin (below the top). */
	x: number;
	z: number;
	/** Half-axes: across and down. */
	a: number;
	b: number;
	/** How far the ellipse slants: millimetres down for a millimetre across. */
	slant: number;
	/** 0 not in this plane .. 1 all in this plane. */
	presence: number;
	/** Amplitude of the wall's echo, and how much brighter the tissue behind it is. */
	wall: number;
	enhancement: number;
	/** How far the outline departs from the ellipse, two shares of the radius: pear-shaped and leaning. */
	outline: readonly [number, number];
	/** Echo of the content over that of other lumens: 1 blood, more for clot or node. */
	content: number;
}

/** A clot in the femoral vein: how open it keeps the vein (0..1 of the resting height) and how bright it is. */
export interface Thrombus {
	/** The station it lies at: 0 saphenofemoral junction, 1 upper thigh. */
	station: number;
	keepsOpen: number;
	content: number;
}

/** Pressure is relative: 0 none, the vein starts to give at 0.25 and is shut from 0.95. */
const gives = 0.25;
const shut = 0.95;

/** Height of a vein under pressure over its height at rest. Smooth and falling. */
export function veinHeight(pressure: number, keepsOpen: number): number {
	const t = Math.max(0, Math.min(1, (pressure - gives) / (shut - gives)));
	const free = 1 - t * t * (3 - 2 * t);
	return keepsOpen + (1 - keepsOpen) * free;
}

/** Width of a vein over its width at rest: its wall hardly stretches, so that it widens while it flattens. */
export function veinWidth(height: number): number {
	return 1 + 0.32 * (1 - height);
}

/** The pressure at which a vein without clot has this share of its resting area. */
export function pressureForArea(share: number): number {
	let low = gives;
	let high = shut;
	for (let i = 0; i < 40; i++) {
		const middle = (low + high) / 2;
		const height = veinHeight(middle, 0);
		if (height * veinWidth(height) > share) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}
