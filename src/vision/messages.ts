import type { SignalState } from '../capture/signal.ts';
import type { Config } from '../config/schema.ts';
import type { ErrorCode } from '../errors.ts';
import type { ExamRecord, Side } from '../exam/record.ts';
import type { ExamState } from '../exam/state.ts';
import type { RefusedProvider } from '../inference/onnxRuntime/provider.ts';
import type { SessionHandle } from '../inference/onnxRuntime/session.ts';
import type { Scene } from '../screen/scene.ts';
import type { StartMark } from '../startMarks.ts';
import type { ModelOffer, SwapResult } from './modelOffer.ts';

/** The part of the configuration that the vision thread needs. */
export type VisionConfig = Pick<Config, 'capture' | 'screen' | 'inference' | 'exam' | 'indicator' | 'vision'> & {
	/** Fingerprints of the pictures that were learned for no signal. */
	noSignal?: readonly Uint8Array[];
};

/** What the thread is started with. */
export interface VisionStart {
	config: VisionConfig;
	/** Shared memory of the status board. */
	board: SharedArrayBuffer;
	/** Sites of the protocol, for the board. */
	sites: readonly string[];
	/** The exam as a thread before this one left it, or null. */
	exam: ExamState | null;
	/** Show each state of the light once; not when a thread takes another one's place. */
	selfTest: boolean;
	/** Brightness of the lights, percent of the configured one. */
	dimPercent: number;
}

/** What the operator, the page or MQTT may ask of the exam. */
export type ExamCommand =
	| { name: 'start'; side?: Side }
	| { name: 'end' }
	| { name: 'cancel' }
	| { name: 'side'; side: Side };

/** To the thread, read between two turns. */
export type VisionControl =
	| { kind: 'exam'; command: ExamCommand }
	| { kind: 'dim'; percent: number }
	/** The lights say which box this is until then, on the monotonic clock. */
	| { kind: 'identify'; untilMs: number }
	/** Another network, between two frames and two examinations. */
	| { kind: 'swap'; offer: ModelOffer }
	/** The network of the last swap stays; the one before is let go. */
	| { kind: 'keep-model' }
	/** Back to the one before. */
	| { kind: 'revert-model'; reason: string }
	/** Images and answers are to be left in this memory as well; null: no longer. */
	| { kind: 'shadow'; feed: SharedArrayBuffer | null }
	| { kind: 'stop' };

/** What runs in the thread, for birth messages. */
export interface VisionReady {
	kind: 'ready';
	source: string;
	model: { name: string; version: string; sha256: string; provider: string };
	/** Providers that were asked for and are not in use, with the reason. */
	providersRefused: RefusedProvider[];
	lights: string[];
}

/** From the thread; seldom, and never on the path from frame to light. */
export type VisionEvent =
	| VisionReady
	/** The lights have said what the first look at the signal gave. */
	| { kind: 'lit'; marks: StartMark[] }
	| { kind: 'record'; record: ExamRecord; exam: ExamState }
	| { kind: 'scene'; scene: Scene; reason: string }
	/** The signal is another one, or has another cause; `ok` has none. */
	| { kind: 'signal'; signal: SignalState; cause: string }
	/** A light failed, or with a null works again. */
	| { kind: 'light'; light: string; failure: string | null }
	| { kind: 'swap'; result: SwapResult }
	/** The network of the last swap broke, or was not wanted: the one before is back. */
	| { kind: 'reverted'; model: VisionReady['model']; providersRefused: RefusedProvider[]; reason: string }
	/** A network that is no longer in use, to be freed by a thread that has no frames to wait for. */
	| { kind: 'freed'; handle: SessionHandle }
	| { kind: 'failed'; code: ErrorCode; message: string }
	/** The recording or simulation is over. */
	| { kind: 'ended' }
	| { kind: 'stopped' };
