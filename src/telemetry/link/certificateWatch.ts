import { stat } from 'node:fs/promises';
import { readTlsFiles, type TlsOptions } from './tlsFiles.ts';

/**
 * Sees that the files of TLS were renewed. They are looked at, not watched: a bind mount or a secret that is swapped by a
 * symbolic link raises no event that can be relied on. A pair that does not belong together yet is left for the next look.
 */
export class CertificateWatch {
	readonly #tls: TlsOptions;
	#seen: string | null = null;

	constructor(tls: TlsOptions) {
		this.#tls = tls;
	}

	/** Whether there are other files than at the last look, and a connection could be made with them. */
	async changed(): Promise<boolean> {
		const { caFile, certFile, keyFile } = this.#tls;
		const now = (await Promise.all([caFile, certFile, keyFile].map(mark))).join();
		if (this.#seen === null) this.#seen = now;
		if (now === this.#seen) return false;
		const usable = await readTlsFiles(this.#tls).then(
			() => true,
			() => false,
		);
		if (usable) this.#seen = now;
		return usable;
	}
}

async function mark(file: string): Promise<string> {
	if (file === '') return '';
	const { mtimeMs, size, ino } = await stat(file).catch(() => ({ mtimeMs: 0, size: 0, ino: 0 }));
	return `${mtimeMs}/${size}/${ino}`;
}
