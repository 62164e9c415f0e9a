import { z } from 'zod';
import { siteOutcomes } from '../../exam/record.ts';

/** Version of all message schemas. Raised when a field changes its meaning or goes; new fields may come without. */
export const schemaVersion = 1;

export const schemaField = z.literal(schemaVersion).describe('Version of the message schema.');

export const idField = z
	.string()
	.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
	.describe('ULID of the message. A message may arrive twice: de-duplicate by it.');

export const instant = z.iso.datetime({ precision: 3 });

export const bootField = z
	.int()
	.min(0)
	.describe('Counts the starts of the software on this box. 0: not known, the store could not be opened yet.');

/** What every stored message (results and events) carries. `boot`, `seq` and `historical` are added when it is sent. */
export const storedFields = {
	schema: schemaField,
	id: idField,
	seq: z
		.int()
		.min(1)
		.describe(
			'Number in the store of the box. Grows by one a message, over all starts: a gap is a message that is missing.',
		),
	boot: bootField.describe('The start of the software in which this happened.'),
	measuredAt: instant.describe('When it happened, by the wall clock of the box.'),
	historical: z
		.boolean()
		.describe('Sent late (the broker was out of reach) or by a later start: no news, only for the record.'),
};

/** The fields of a stored message that its maker gives; the others come from the store and the sender. */
export type Made<Message> = Omit<Message, 'seq' | 'boot' | 'historical'>;

export const milliseconds = z.number().min(0);
const confidence = z.number().min(0).max(1);
const moment = instant.nullable();

export const modelRef = z
	.object({ name: z.string(), version: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
	.describe('The model that gave the answers.');

export const refusedProvider = z.object({
	provider: z.string(),
	reason: z.string().describe('One line.'),
});

/** Where the pictures came from: simulated examinations are never mixed with real ones. */
export const inputs = ['camera', 'recording', 'simulator'] as const;
export const inputField = z
	.enum(inputs)
	.describe('Where the pictures came from. Only `camera` is a real examination as it happened.');

export const latencyFigures = z
	.object({
		frames: z.int().min(0).describe('Frames measured.'),
		p50Ms: milliseconds.describe('Half of them took at most this.'),
		p99Ms: milliseconds.describe('99 of 100 took at most this.'),
		maxMs: milliseconds.describe('All took at most this, but for those counted in `beyond`.'),
		beyond: z.int().min(0).describe('Frames slower than the last bound of the histogram.'),
	})
	.describe('Capture of the frame to the light, milliseconds; upper bounds of histogram buckets 16 % wide.');

const ofStage = (what: string) => latencyFigures.nullable().describe(`${what}; null when no frame passed it.`);

/** The stages of src/vision/turnTimes.ts. */
export const stageFigures = z
	.object({
		delivery: ofStage("From the kernel's timestamp to the vision loop"),
		screen: ofStage("Judging the screen and making the network's input"),
		network: ofStage('One run of the network; fresh live images only'),
		light: ofStage('Advancing the examination and writing the light'),
	})
	.describe('The same by stage.');

export const siteEvidence = z.object({
	site: z.string().describe('Landmark of the model, such as `sfj` or `fv`.'),
	outcome: z.enum(siteOutcomes).describe('`not-captured` says nothing about why the vein was not seen to close.'),
	presses: z.int().min(0).describe('Presses seen at this site.'),
	firstSeenAt: moment.describe('The landmark first came into view.'),
	openAt: moment.describe('The vein was last seen open before it closed.'),
	closedAt: moment.describe('Start of the unbroken closure.'),
	capturedAt: moment.describe('When the site was captured.'),
	closedForMs: milliseconds.describe('Length of that closure, by the monotonic clock.'),
	closedImages: z.int().min(0).describe('Fresh images in that closure; repeats do not count.'),
	closedConfidence: confidence.describe('Lowest probability of `closed` in that closure.'),
	landmarkConfidence: confidence.describe('Lowest probability of the landmark in its pass.'),
});

/** What every result carries besides its evidence. */
export const resultFields = {
	examination: z
		.object({ id: idField.describe('ULID of the examination.'), number: z.int().min(1) })
		.describe('The examination; `number` counts from 1 in this start of the software.'),
	input: inputField,
	model: modelRef.nullable(),
	software: z.string().describe('Version of Phlebox.'),
	latency: latencyFigures.nullable().describe('Since the examination began; null when not measured.'),
};
