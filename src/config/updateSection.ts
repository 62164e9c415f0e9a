import { z } from 'zod';

const seconds = z.number().positive();

/** Models that are updated in the field: where they come from, which one is wanted, how it is tried. docs/updates.md. */
export const updateSchema = z.strictObject({
	source: z
		.string()
		.default('')
		.describe('Repository of signed models: http(s) address or folder, such as a stick’s. Empty: no updates.'),
	trust: z
		.string()
		.default('')
		.describe('File with the root that this box was given to trust: `metadata/1.root.json` of the repository.'),
	model: z
		.string()
		.regex(/^$|^[a-z0-9][a-z0-9-]* \d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'name and version, such as "phlebox-dual 0.4.0"')
		.default('')
		.describe('The model that is wanted, name and version. Empty: what runs, unless a job over MQTT names another.'),
	checkHours: z.number().min(0.01).max(8760).default(24).describe('How often the repository is asked.'),
	jitterMinutes: z
		.number()
		.min(0)
		.max(1440)
		.default(60)
		.describe('Each check comes later by a random part of this, so that a fleet does not come all at once.'),
	retryMinutes: z
		.number()
		.min(0.01)
		.max(1440)
		.default(15)
		.describe('After a link that broke or a disk that was full it is tried again after so long.'),
	quotaMiB: z.number().min(1).max(65_536).default(2048).describe('Most that models may take on the disk.'),
	latencyMs: z
		.number()
		.positive()
		.max(1000)
		.default(100)
		.describe('Longest that an image may take in the trial before the switch, the median on this very device.'),
	memoryMiB: z
		.number()
		.min(16)
		.max(65_536)
		.default(1024)
		.describe('Most memory that the process may take in which a model is tried first.'),
	shadowImages: z
		.int()
		.min(0)
		.max(1_000_000)
		.default(500)
		.describe('Live images that a new model judges beside the one that runs, before the switch.'),
	shadowSeconds: seconds
		.max(86_400)
		.default(600)
		.describe('The trial beside the one that runs ends after this, however few images came.'),
	shadowDisagreement: z
		.number()
		.min(0)
		.max(1)
		.default(0.5)
		.describe('Share of images on which the two may differ; above it the new one is refused for good on this box.'),
	probationSeconds: seconds
		.max(86_400)
		.default(600)
		.describe('A new model that runs without fault for so long after the switch stays.'),
	probationMisses: z
		.number()
		.min(0)
		.max(1)
		.default(0.1)
		.describe('By how much the share of frames that come late may grow in that time.'),
});

export type UpdateOptions = z.infer<typeof updateSchema>;
