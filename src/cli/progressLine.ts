/** Progress of long work on standard error: one line that is written over on a terminal, a line every ten percent elsewhere. */
export function progressLine(name: string): { update(done: number, all: number, detail?: string): void; end(): void } {
	const startMs = performance.now();
	const terminal = process.stderr.isTTY === true;
	let told = -1;
	let shown = false;
	return {
		update(done, all, detail = '') {
			const tenth = Math.floor((10 * done) / all);
			if (!terminal && tenth === told) return;
			told = tenth;
			const seconds = (performance.now() - startMs) / 1000;
			const left = done > 0 ? (seconds / done) * (all - done) : Number.NaN;
			const text = `${name}: ${done} of ${all}, ${seconds.toFixed(0)} s, about ${left.toFixed(0)} s left ${detail}`;
			process.stderr.write(terminal ? `\r\x1b[K${text}` : `${text}\n`);
			shown = true;
		},
		end() {
			if (terminal && shown) process.stderr.write('\r\x1b[K');
		},
	};
}
