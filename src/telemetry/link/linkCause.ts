import type { AlertCode } from '../messages/alertCodes.ts';

/**
 * Why there is no connection, as a state of its own: who has to do what differs with each.
 * `unreachable` and `refused` also stand for what has no name of its own.
 */
export const linkCauses = [
	'unreachable',
	'refused',
	'credentials',
	'broker-certificate-expired',
	'broker-certificate-untrusted',
	'clock-before-certificate',
	'box-certificate-expired',
	'box-certificate-refused',
	'box-certificate-unusable',
] as const;
export type LinkCause = (typeof linkCauses)[number];

/** The alert of each cause; `unreachable` becomes one only after long. */
export const causeAlerts = {
	refused: 'broker-refused',
	credentials: 'broker-credentials',
	'broker-certificate-expired': 'broker-certificate-expired',
	'broker-certificate-untrusted': 'broker-certificate-untrusted',
	'clock-before-certificate': 'clock-before-certificate',
	'box-certificate-expired': 'box-certificate-expired',
	'box-certificate-refused': 'box-certificate-refused',
	'box-certificate-unusable': 'box-certificate-unusable',
} as const satisfies Record<Exclude<LinkCause, 'unreachable'>, AlertCode>;
