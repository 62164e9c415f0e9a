import type { Logger } from 'pino';
import type { UpdateOptions } from '../../config/updateSection.ts';
import type { InferenceOptions } from '../../inference/options.ts';
import type { Manifest } from '../../inference/package/manifest.ts';
import type { ModelOffer, SwapResult } from '../../vision/modelOffer.ts';
import type { GateFigures } from '../install/gate.ts';
import type { JobNews } from './jobProgress.ts';
import type { FrameCounts } from './probation.ts';

/** What updates need of the vision thread. */
export interface UpdateVision {
	/** It runs and answers. */
	ready(): boolean;
	examining(): boolean;
	/** Since the vision thread started. */
	counts(): FrameCounts;
	/** Of the model that runs. */
	manifest(): Manifest;
	swap(offer: ModelOffer): Promise<SwapResult>;
	keepModel(folder: string): void;
	revertModel(reason: string): void;
	shadow(feed: SharedArrayBuffer | null): void;
}

export interface UpdateParts {
	/** Of the box's store. */
	storeFolder: string;
	options: UpdateOptions;
	inference: Partial<InferenceOptions>;
	/** Sites that the configuration asks for; null leaves them to the model. */
	sites: readonly string[] | null;
	/** Builds what a package needs to run on this device; takes minutes. Left out: nothing. */
	prepare?: (folder: string) => Promise<void>;
	vision: UpdateVision;
	/** Adds to the audit trail. */
	event(details: Record<string, string | number | boolean | null | object>): void;
	job(news: JobNews): void;
	/** Something that is wanted could not be installed; null: no longer so. */
	trouble(reason: string | null): void;
	log: Pick<Logger, 'info' | 'warn'>;
	/** The machine's clock, right or wrong; a test's own. */
	now?: () => Date;
	/** From 0 to 1; a test's own. */
	random?: () => number;
	/** Instead of a process of its own; a test's. */
	gate?: (folder: string) => Promise<GateFigures>;
}
