/** The four top-level roles of The Update Framework, in the order in which their files are uploaded. */
export const roles = ['root', 'targets', 'snapshot', 'timestamp'] as const;
export type Role = (typeof roles)[number];

/** How many of a role's keys have to sign, unless `init-repository` is told otherwise. */
export const defaultThresholds: Readonly<Record<Role, number>> = { root: 2, targets: 2, snapshot: 1, timestamp: 1 };

/**
 * Days until a signed file expires. Long, for boxes that are offline for months and whose clocks are off: expired
 * metadata stops new installations only, never the running model. The timestamp's is what bounds a freeze attack.
 */
export const defaultExpiryDays: Readonly<Record<Role, number>> = {
	root: 1095,
	targets: 730,
	snapshot: 365,
	timestamp: 90,
};
