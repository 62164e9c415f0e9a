import { PhleboxError } from '../../errors.ts';
import { FolderOrigin } from './folderOrigin.ts';
import { HttpOrigin } from './httpOrigin.ts';

/** The bytes of a file from some place on. */
export interface Part {
	/** Where they begin in truth: a server may ignore what was asked for and begin at 0. */
	from: number;
	bytes: AsyncIterable<Uint8Array>;
}

/** Where a repository lies: a web server, or a folder such as a stick's. Whatever it gives is trusted in nothing. */
export interface Origin {
	/** In words, for messages. */
	readonly name: string;
	/**
	 * A small file whole; null where there is none.
	 * @throws PhleboxError update-unreachable; update-rejected for one of more than `maxBytes`
	 */
	read(file: string, maxBytes: number): Promise<Buffer | null>;
	/**
	 * A file from a place on; null where there is none. The bytes end early when the link breaks: by an error or not.
	 * @throws PhleboxError update-unreachable
	 */
	open(file: string, from: number): Promise<Part | null>;
}

export interface OriginLimits {
	/** A server that says nothing for so long is given up, milliseconds. */
	silenceMs: number;
	/** Longest time for one small file, milliseconds: one that trickles is given up too. */
	readMs: number;
}

export const originDefaults: OriginLimits = { silenceMs: 30_000, readMs: 60_000 };

/**
 * @param location http(s) address of the repository, or its folder
 * @throws PhleboxError bad-usage
 */
export function originAt(location: string, limits: OriginLimits = originDefaults): Origin {
	if (!/^[a-z][a-z0-9+.-]*:/i.test(location)) return new FolderOrigin(location);
	const url = URL.canParse(location) ? new URL(location) : null;
	if (url?.protocol === 'http:' || url?.protocol === 'https:') return new HttpOrigin(url, limits);
	throw new PhleboxError('bad-usage', `"${location}" is no place of a repository; give an http(s) address or a folder`);
}
