import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, PhleboxError } from '../errors.ts';
import { writeDurably } from '../telemetry/outbox/writeDurably.ts';
import { fingerprintBytes } from './fingerprint.ts';

/** More than a grabber has, and few enough to look for at every look. */
export const mostPictures = 8;

const picture = z.strictObject({
	learned: z.iso.datetime(),
	/** Of the frame that it was learned from. */
	width: z.int().min(1),
	height: z.int().min(1),
	/** Mean greys of the cells, a byte each, in base64. */
	cells: z
		.base64()
		.refine((text) => Buffer.from(text, 'base64').length === fingerprintBytes, `not ${fingerprintBytes} bytes long`),
});
const fileSchema = z.strictObject({ schema: z.literal(1), pictures: z.array(picture).max(mostPictures) });

/** A picture that the capture device delivers while no signal comes in, as it was learned. */
export type NoSignalPicture = z.infer<typeof picture>;

export function noSignalFile(storeFolder: string): string {
	return join(storeFolder, 'no-signal.json');
}

/** What was learned; nothing where nothing was. @throws PhleboxError store-failed for a file that is none of ours */
export function readNoSignalPictures(storeFolder: string): NoSignalPicture[] {
	const file = noSignalFile(storeFolder);
	try {
		return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).pictures;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		const why = error instanceof z.ZodError ? (error.issues[0]?.message ?? 'not valid') : messageOf(error);
		throw new PhleboxError(
			'store-failed',
			`${file} cannot be read (${why}); \`phlebox learn no-signal --forget\` removes it, then learn the picture again`,
			{ cause: error },
		);
	}
}

/** @throws PhleboxError store-failed */
export async function writeNoSignalPictures(storeFolder: string, pictures: readonly NoSignalPicture[]): Promise<void> {
	const file = noSignalFile(storeFolder);
	try {
		await mkdir(storeFolder, { recursive: true });
		await writeDurably(file, `${JSON.stringify({ schema: 1, pictures }, null, '\t')}\n`);
	} catch (error) {
		throw new PhleboxError(
			'store-failed',
			`${file} cannot be written (${messageOf(error)}); call it as the user of the service, or give another store.folder`,
			{ cause: error },
		);
	}
}

/** For the screen, which compares. */
export function cellsOf({ cells }: NoSignalPicture): Uint8Array {
	return Uint8Array.from(Buffer.from(cells, 'base64'));
}
