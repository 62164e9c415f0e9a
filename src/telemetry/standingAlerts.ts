import type { AlertBell } from './alerts.ts';

/** Share of the quota from which on the store is said to fill up. */
const fillingFrom = 0.8;

/** @param filled share of the store's quota; @param oldestAgeMs of the oldest message that waits, null without one */
export function judgeQueue(bell: AlertBell, filled: number, oldestAgeMs: number | null, overdueMs: number): void {
	if (filled < fillingFrom) bell.clear('store-filling');
	else
		bell.raise(
			'store-filling',
			'warning',
			`the store is ${Math.floor(filled * 100)} % full: connect the broker, or raise store.quotaMiB`,
		);
	if (oldestAgeMs === null || oldestAgeMs < overdueMs) bell.clear('results-overdue');
	else
		bell.raise(
			'results-overdue',
			'warning',
			`messages wait for more than ${Math.floor(oldestAgeMs / 3_600_000)} h to be sent: connect the broker`,
		);
}

/**
 * @param end of the box's certificate, wall clock, milliseconds; null without one
 * @param warnMs so long before its end it is an alert; once it has ended, the link says so
 */
export function judgeCertificate(bell: AlertBell, end: number | null, file: string, warnMs: number): void {
	const leftMs = (end ?? Number.POSITIVE_INFINITY) - Date.now();
	if (leftMs <= 0 || leftMs > warnMs) bell.clear('box-certificate-expiring');
	else
		bell.raise(
			'box-certificate-expiring',
			'warning',
			`the certificate of this box ends at ${new Date(end!).toISOString()}: renew ${file}`,
		);
}
