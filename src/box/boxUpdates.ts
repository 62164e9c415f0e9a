import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { inferenceOptions } from '../inference/options.ts';
import { readManifest } from '../inference/package/packageFile.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { installedModel } from '../update/drive/installed.ts';
import { Updater } from '../update/drive/updater.ts';
import { modelFolder } from '../vision/protocol.ts';
import type { VisionThread } from '../vision/thread.ts';

/** The configuration with the model that was installed in the field, where there is one. */
export function withInstalledModel(config: Config): Config {
	const folder = config.update.source === '' ? null : installedModel(config.store.folder);
	return folder === null ? config : { ...config, inference: { ...config.inference, model: folder } };
}

interface UpdatedBox {
	vision: VisionThread;
	telemetry: Telemetry;
	ready(): boolean;
	examining(): boolean;
	/** Builds what the package in a folder needs to run on this device; takes minutes. */
	prepare(folder: string): Promise<void>;
}

/** Updates of this box's model; null where no repository is configured. @param config with the installed model */
export function boxUpdates(config: Config, log: Logger, box: UpdatedBox): Updater | null {
	if (config.update.source === '') return null;
	const { vision, telemetry } = box;
	let folder = modelFolder(config.inference.model);
	return new Updater({
		storeFolder: config.store.folder,
		options: config.update,
		inference: inferenceOptions(config.inference),
		sites: config.exam.sites ?? null,
		prepare: (of) => box.prepare(of),
		log,
		vision: {
			...{ ready: box.ready, examining: box.examining },
			counts: () => ({ frames: vision.board.get('frames'), misses: vision.board.get('misses') }),
			manifest: () => readManifest(folder),
			swap: (offer) => vision.swap(offer),
			keepModel(kept) {
				folder = kept;
				vision.keepModel(kept);
			},
			revertModel: (reason) => vision.revertModel(reason),
			shadow: (feed) => vision.shadow(feed),
		},
		event: (details) => telemetry.event('model-update', details as Parameters<Telemetry['event']>[1]),
		job: (news) => telemetry.jobStatus(news),
		trouble(reason) {
			if (reason === null) telemetry.clear('update-failed');
			else telemetry.raise('update-failed', 'warning', reason);
		},
	});
}
