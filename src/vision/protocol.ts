import type { Config } from '../config/schema.ts';
import { PhleboxError } from '../errors.ts';
import { type Protocol, protocolDefaults } from '../exam/protocol.ts';
import type { DraftManifest } from '../inference/package/manifest.ts';
import { readManifest } from '../inference/package/packageFile.ts';
import { shippedPath } from '../packageRoot.ts';

/**
 * The rules of the examination: the configuration's, and the model's where the configuration leaves them to it.
 * @throws PhleboxError config-invalid, for a site that the model does not know
 */
export function protocolOf(exam: Config['exam'], indicator: Config['indicator'], manifest: DraftManifest): Protocol {
	const { thresholds, sites, ...rules } = exam;
	const known = manifest.protocol;
	const unknown = sites?.find((site) => !manifest.outputs.landmark.labels.includes(site));
	if (unknown !== undefined)
		throw new PhleboxError(
			'config-invalid',
			`exam.sites names ${unknown}, which model ${manifest.name} does not know; it knows ${known.join(', ')}`,
		);
	return {
		...protocolDefaults,
		...rules,
		sites: sites ?? known,
		resultMs: indicator.expiryMs,
		thresholds: {
			landmark: thresholds.landmark ?? manifest.thresholds.landmark,
			open: thresholds.open ?? manifest.thresholds.open,
			closed: thresholds.closed ?? manifest.thresholds.closed,
		},
	};
}

/**
 * Sites of the examination without loading the model: its manifest says them.
 * @throws PhleboxError model-invalid, config-invalid
 */
export function sitesOf({
	exam,
	indicator,
	inference,
}: Pick<Config, 'exam' | 'indicator' | 'inference'>): readonly string[] {
	return protocolOf(exam, indicator, readManifest(modelFolder(inference.model))).sites;
}

/** Folder of the model package that a configuration names. */
export function modelFolder(model: string): string {
	return model === 'shipped' ? shippedPath('models', 'phlebox-dual') : model;
}
