import { messageOf, PhleboxError } from '../../errors.ts';

/** The innermost error: abstract-level wraps what LevelDB says. */
function rootOf(error: unknown): Error & { code?: string } {
	let root = error as Error & { code?: string };
	while (root?.cause instanceof Error) root = root.cause as Error & { code?: string };
	return root;
}

/** Whether the store on disk is broken, as against out of reach, locked or out of room. */
export function isDamage(error: unknown): boolean {
	const root = rootOf(error);
	if (root.code === 'LEVEL_CORRUPTION') return true;
	// A file that is gone or too short is an I/O error to LevelDB (env_posix.cc).
	return root.code === 'LEVEL_IO_ERROR' && /No such file|Invalid argument/.test(root.message);
}

/** The one line for what went wrong with the store in `folder`. */
export function storeFault(error: unknown, folder: string): PhleboxError {
	if (error instanceof PhleboxError) return error;
	const root = rootOf(error);
	const text = `${root.code ?? ''} ${root.message}`;
	const options = { cause: error };
	if (/ENOSPC|EDQUOT|No space left|quota exceeded/.test(text)) return storeFull(folder, options);
	if (root.code === 'LEVEL_LOCKED')
		return new PhleboxError(
			'store-failed',
			`the store ${folder} is in use by another Phlebox: stop that one, or give this one its own store.folder`,
			options,
		);
	if (/EACCES|EPERM|EROFS|Permission denied|Read-only|Operation not permitted/.test(text))
		return new PhleboxError(
			'store-failed',
			`the store ${folder} cannot be written: make it a folder that this user may write`,
			options,
		);
	if (/ENOTDIR|EEXIST/.test(text))
		return new PhleboxError('store-failed', `the store ${folder} is no folder: give another as store.folder`, options);
	return new PhleboxError('store-failed', `the store ${folder} failed: ${messageOf(root)}; check its disk`, options);
}

export function storeFull(folder: string, options?: ErrorOptions): PhleboxError {
	return new PhleboxError('store-full', `the store ${folder} has no room left: free space on its disk`, options);
}

export function quotaReached(folder: string, quotaBytes: number): PhleboxError {
	return new PhleboxError(
		'store-full',
		`the store ${folder} holds ${quotaBytes} bytes of unsent messages, all it may: connect the broker, look at \`phlebox outbox list\`, or raise store.quotaMiB`,
	);
}
