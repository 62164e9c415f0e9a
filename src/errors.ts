/** Every error code of Phlebox, with whether the same call can succeed later without anyone changing anything. */
export const errorCodes = {
	'bad-usage': { retryable: false },
	'config-invalid': { retryable: false },
	'file-not-found': { retryable: false },
	'not-a-video': { retryable: false },
	'video-truncated': { retryable: false },
	'ffmpeg-missing': { retryable: false },
	'roi-invalid': { retryable: false },
	'set-invalid': { retryable: false },
	'model-invalid': { retryable: false },
	'model-mismatch': { retryable: false },
	'model-golden-failed': { retryable: false },
	'model-too-slow': { retryable: true },
	'model-quarantined': { retryable: false },
	'runtime-missing': { retryable: false },
	'runtime-failed': { retryable: false },
	'engine-missing': { retryable: true },
	'device-failed': { retryable: true },
	'nothing-learned': { retryable: true },
	'light-failed': { retryable: true },
	'buttons-failed': { retryable: true },
	'port-taken': { retryable: false },
	'broker-unreachable': { retryable: true },
	'broker-refused': { retryable: true },
	'certificate-invalid': { retryable: true },
	'store-full': { retryable: true },
	'store-failed': { retryable: true },
	'key-invalid': { retryable: false },
	'repository-invalid': { retryable: false },
	'update-unreachable': { retryable: true },
	'update-rejected': { retryable: false },
	'update-expired': { retryable: true },
	'not-permitted': { retryable: false },
	'vision-stuck': { retryable: true },
	'vision-failed': { retryable: true },
} as const satisfies Record<string, { retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An error whose message is one line that names what is wrong and what to do. It is passed on as it is; what caused it
 * travels in `cause`.
 */
export class PhleboxError extends Error {
	readonly code: ErrorCode;

	constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'PhleboxError';
		this.code = code;
	}

	get retryable(): boolean {
		return errorCodes[this.code].retryable;
	}
}

/** One line of text for any thrown value. */
export function messageOf(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return text.split('\n', 1)[0]!;
}
