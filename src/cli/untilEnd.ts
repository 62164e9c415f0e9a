import type { Box } from '../box/box.ts';

/** A box, or what keeps one. */
type Runs = Pick<Box, 'ended' | 'stop'>;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Waits until the box is asked to stop, ends by itself or its time is over, and stops it.
 * @param onReaderGone given where the box is to end with whoever reads what it prints
 * @throws PhleboxError what ended it, where that was a fault
 */
export async function untilEnd(
	box: Runs,
	seconds: number | undefined,
	onReaderGone?: (told: () => void) => void,
): Promise<void> {
	let asked: (reason: string) => void = () => undefined;
	const stop = new Promise<string>((resolve) => {
		asked = resolve;
	});
	for (const signal of signals) process.once(signal, () => asked(signal));
	onReaderGone?.(() => asked('nobody reads its output any more'));
	const timer = seconds === undefined ? undefined : setTimeout(() => asked(`${seconds} s are over`), seconds * 1000);
	const end = await Promise.race([stop, box.ended]);
	clearTimeout(timer);
	const error = typeof end === 'string' ? null : end.error;
	await box.stop(typeof end === 'string' ? end : (error?.message ?? 'the recording is over'));
	if (error) throw error;
}
