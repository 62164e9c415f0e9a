/**
 * What is said of long work.
 * @param seconds since it began; how long the rest takes is said once a part is done
 */
export function progressText(name: string, done: number, all: number, seconds: number, detail = ''): string {
	const parts = [`${name}: ${done} of ${all}, ${seconds.toFixed(0)} s`];
	if (done > 0) parts.push(`, about ${((seconds / done) * (all - done)).toFixed(0)} s left`);
	if (detail !== '') parts.push(`; ${detail}`);
	return parts.join('');
}

/** Progress of long work on standard error: one line that is written over on a terminal, a line every ten percent elsewhere. */
export function progressLine(name: string): { update(done: number, all: number, detail?: string): void; end(): void } {
	const startMs = performance.now();
	const terminal = process.stderr.isTTY === true;
	let told = -1;
	let shown = false;
	return {
		update(done, all, detail) {
			const tenth = Math.floor((10 * done) / all);
			if (!terminal && tenth === told) return;
			told = tenth;
			const text = progressText(name, done, all, (performance.now() - startMs) / 1000, detail);
			process.stderr.write(terminal ? `\r\x1b[K${text}` : `${text}\n`);
			shown = true;
		},
		end() {
			if (terminal && shown) process.stderr.write('\r\x1b[K');
		},
	};
}
