// @ts-check
/**
 * @param {readonly number[]} steps on, off, on, ...: milliseconds
 * @param {number} elapsedMs
 */
export function isOn(steps, elapsedMs) {
	const period = steps.reduce((sum, step) => sum + step, 0);
	let left = Math.max(elapsedMs, 0) % period;
	for (let i = 0; i < steps.length; i++) {
		const step = steps[i] ?? 0;
		if (left < step) return i % 2 === 0;
		left -= step;
	}
	return false;
}
