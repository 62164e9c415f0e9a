import { z } from 'zod';
import { protocolDefaults } from '../exam/protocol.ts';
import { sides } from '../exam/record.ts';

const share = z.number().min(0.01).max(1).nullable().default(null);
type Duration = keyof typeof protocolDefaults;
const duration = (name: Duration, text: string, least = 0) =>
	z
		.number()
		.min(least)
		.max(86_400_000)
		.default(protocolDefaults[name] as number)
		.describe(text);

export const examSchema = z.strictObject({
	sites: z
		.array(z.string())
		.min(1)
		.nullable()
		.default(null)
		.describe('Sites of an examination in the order of display; null takes the model’s protocol.'),
	side: z.enum(sides).default(protocolDefaults.side).describe('Side of an examination for which nobody said one.'),
	thresholds: z
		.strictObject({
			landmark: share.describe('Lowest probability for a landmark to count; null takes the model’s.'),
			open: share.describe('Lowest probability for an open vein to count; null takes the model’s.'),
			closed: share.describe('Lowest probability for a closed vein to count; null takes the model’s.'),
		})
		.prefault({}),
	openMs: duration('openMs', 'The vein counts as seen open after this long an unbroken run of open images.'),
	closedMs: duration('closedMs', 'The vein counts as closed after this long an unbroken run of closed images.', 1),
	closedImages: z
		.int()
		.min(1)
		.max(100)
		.default(protocolDefaults.closedImages)
		.describe('… that has at least so many fresh images.'),
	maxGapMs: duration('maxGapMs', 'After a longer time between two fresh images the pass starts anew.', 1),
	steadyMs: duration('steadyMs', 'How long `press` and `release` stay over images that are not sure.'),
	sightMs: duration('sightMs', 'A landmark in view for this long counts as seen, and starts an examination.'),
	minPressMs: duration('minPressMs', 'A press shorter than this is not counted as one.'),
	pressLimitMs: duration('pressLimitMs', 'After pressing this long without closure the light says `release`.'),
	frozenSayMs: duration('frozenSayMs', 'A scan that is found frozen is called so after this time.'),
	releaseShowMs: duration('releaseShowMs', 'How long the light says `release` after a press that did not count.'),
	capturedShowMs: duration(
		'capturedShowMs',
		'How long the light says `captured` at most; it stops when the pass ends.',
	),
	examDoneShowMs: duration('examDoneShowMs', 'How long the light says `exam-done` after the probe was lifted.'),
	liftMs: duration('liftMs', 'Live images without a landmark for this long mean that the probe was lifted.'),
	idleEndMs: duration('idleEndMs', 'An examination ends when no landmark was seen for this long.', 1),
	timeLimitMs: duration('timeLimitMs', 'An examination ends after this long in any case.', 1),
});
