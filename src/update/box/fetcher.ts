// Not among the package's public names, and yet the only error by which `refresh` sees that there is no newer root; the
// package's version is pinned, and a test climbs roots.
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import type { Origin } from './origin.ts';

/** An address that stands for the origin: tuf-js wants one. */
export const metadataBase = 'http://repository.invalid/metadata';

/** Metadata for tuf-js out of an origin. Model files never go this way: they are larger, and are resumed. */
export class OriginFetcher {
	readonly #origin: Origin;
	/** An error of the origin, which tuf-js wraps into words of its own. */
	failed: unknown = null;

	constructor(origin: Origin) {
		this.#origin = origin;
	}

	async downloadBytes(url: string, maxLength: number): Promise<Buffer> {
		let bytes: Buffer | null;
		const file = `metadata/${url.slice(metadataBase.length + 1)}`;
		try {
			bytes = await this.#origin.read(file, maxLength);
		} catch (error) {
			this.failed = error;
			throw error;
		}
		if (!bytes) throw new DownloadHTTPError(`${this.#origin.name} has no ${file}`, 404);
		return bytes;
	}

	downloadFile<T>(): Promise<T> {
		return Promise.reject(new Error('model files are not fetched by tuf-js'));
	}
}
