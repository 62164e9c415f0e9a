import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, PhleboxError } from '../errors.ts';
import { type VeinState, veinStates } from '../exam/observation.ts';

const whole = z.int().min(0);

/** index.json of a recording set: what evaluation, training and tests share. What is optional only sorts the figures. */
export const recordingSetSchema = z.object({
	name: z.string(),
	license: z.string(),
	source: z.string(),
	recordings: z
		.array(
			z.object({
				id: z.string().regex(/^[\w.-]+$/),
				video: z.string().regex(/^[\w.-]+$/, 'a file name in the set’s folder'),
				labels: z.string().regex(/^[\w.-]+$/, 'a file name in the set’s folder'),
				roi: z.tuple([whole, whole, whole.min(1), whole.min(1)]),
				/** Who was scanned; several recordings may be of one. */
				subject: z.union([z.string(), z.number()]).optional(),
				side: z.string().optional(),
				/** What happens in it, such as `full-press`. */
				kind: z.string().optional(),
				/** The machine's arrangement of the screen. */
				layout: z.string().optional(),
				expected: z.object({ landmark: z.string(), outcome: z.enum(['captured', 'not-captured']) }),
			}),
		)
		.min(1),
});

export type RecordingSet = z.infer<typeof recordingSetSchema>;
export type Recording = RecordingSet['recordings'][number];

/** What is true of one delivered frame. */
export interface Label {
	landmark: string;
	vein: VeinState;
}

/** @throws PhleboxError set-invalid or file-not-found, naming the file and what is wrong in it */
export function readRecordingSet(folder: string): RecordingSet {
	const file = join(folder, 'index.json');
	let tree: unknown;
	const text = readText(file);
	try {
		tree = JSON.parse(text);
	} catch (error) {
		throw new PhleboxError('set-invalid', `${file}: is no JSON (${messageOf(error)})`, { cause: error });
	}
	const parsed = recordingSetSchema.safeParse(tree);
	if (parsed.success) return parsed.data;
	const { path, message } = parsed.error.issues[0]!;
	throw new PhleboxError('set-invalid', `${file}: ${path.join('.') || 'index'}: ${message}`);
}

/** Labels of a recording, one a delivered frame. */
export function readLabels(file: string): Label[] {
	const [head, ...rows] = readText(file).trimEnd().split(/\r?\n/);
	if (head !== 'frame,landmark,vein')
		throw new PhleboxError('set-invalid', `${file}: begins with ${JSON.stringify(head)}; expected frame,landmark,vein`);
	return rows.map((row, place) => {
		const [frame, landmark, vein] = row.split(',');
		if (frame !== String(place) || !landmark || !veinStates.includes(vein as VeinState))
			throw new PhleboxError(
				'set-invalid',
				`${file}: line ${place + 2} is ${JSON.stringify(row)}; expected ${place},LANDMARK,${veinStates.join('|')}`,
			);
		return { landmark, vein: vein as VeinState };
	});
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new PhleboxError(
			'file-not-found',
			`${file}: cannot be read (${messageOf(error)}); give the folder of a recording set`,
			{ cause: error },
		);
	}
}
