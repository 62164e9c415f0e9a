import type { ErrorCode } from '../../errors.ts';
import type { SessionHandle } from '../../inference/onnxRuntime/session.ts';
import type { InferenceOptions } from '../../inference/options.ts';
import type { Manifest } from '../../inference/package/manifest.ts';
import type { ModelOffer } from '../modelOffer.ts';
import type { ShadowFigures } from './shadowJudge.ts';

/** To the standby thread. Each is answered once, by its number. */
export type StandbyRequest = { id: number } & (
	| { ask: 'load'; folder: string; options: Partial<InferenceOptions> }
	/** What was loaded, to be given away. */
	| { ask: 'offer' }
	/** What was loaded is not wanted. */
	| { ask: 'drop' }
	/** A network that is no longer in use. */
	| { ask: 'free'; handle: SessionHandle }
	/** Try what was loaded on images of the vision thread. */
	| { ask: 'shadow-begin'; feed: SharedArrayBuffer; outputs: Manifest['outputs'] }
	| { ask: 'shadow-look' }
	| { ask: 'shadow-end' }
);

export type StandbyAnswers = {
	load: { manifest: Manifest; provider: string };
	offer: ModelOffer;
	drop: null;
	free: null;
	'shadow-begin': null;
	'shadow-look': ShadowFigures;
	'shadow-end': ShadowFigures;
};

export type StandbyReply =
	| { id: number; answer: StandbyAnswers[keyof StandbyAnswers] }
	| { id: number; failed: { code: ErrorCode; message: string } };
