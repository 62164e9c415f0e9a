import type { RefusedProvider } from '../inference/onnxRuntime/provider.ts';
import type { SessionHandle } from '../inference/onnxRuntime/session.ts';
import type { Manifest } from '../inference/package/manifest.ts';

/** A network that was made ready and tried on another thread; whoever takes it owns its session. */
export interface ModelOffer {
	manifest: Manifest;
	handle: SessionHandle;
	providersRefused: RefusedProvider[];
}

/** What became of an offer. One that was not taken leaves the session with whoever offered it. */
export type SwapResult =
	| {
			taken: true;
			model: { name: string; version: string; sha256: string; provider: string };
			providersRefused: RefusedProvider[];
			/** Time the vision thread was away from its frames, milliseconds. */
			tookMs: number;
	  }
	| {
			taken: false;
			/** An examination runs: the same offer may be taken after it. */
			busy: boolean;
			reason: string;
			/** The vision thread did not answer or is gone: it may hold the session, which nobody may free any more. */
			lost: boolean;
	  };
