import type { FrameMemory } from '../capture/frameMemory.ts';
import { PhleboxError } from '../errors.ts';
import { noLandmark, type VeinState } from '../exam/observation.ts';
import { calibrate } from './calibration.ts';
import { firstProvider } from './firstProvider.ts';
import type { RefusedProvider } from './onnxRuntime/provider.ts';
import { type Binding, Session, type SessionHandle } from './onnxRuntime/session.ts';
import type { InferenceOptions } from './options.ts';
import type { DraftManifest } from './package/manifest.ts';
import type { GraphFor } from './package/packageGraph.ts';
import { bindBothWays, startSession } from './startSession.ts';
import { type TensorMap, tensorMap } from './tensorMap.ts';
import { giveBackRoom, takeRoom } from './tensorRoom.ts';
import type { Answer, Interval, VisionModel } from './visionModel.ts';

/** A network in ONNX Runtime whose tensors lie in the frame memory. */
export class OnnxModel implements VisionModel {
	readonly name: string;
	readonly version: string;
	readonly provider: string;
	readonly landmarks: readonly string[];
	readonly inputWidth: number;
	readonly inputHeight: number;
	readonly inputOffset: number;
	/** Providers that were tried before the one in use, and why they were not taken. */
	readonly refusedProviders: readonly RefusedProvider[];
	readonly #manifest: DraftManifest;
	readonly #session: Session;
	/** The one that reads the first place of each state, and the one that reads the second. */
	readonly #bindings: readonly [Binding, Binding];
	readonly #interval: Float32Array;
	readonly #landmarkValues: Float32Array;
	readonly #veinValues: Float32Array;
	readonly #states: Float32Array;
	readonly #answer: Answer;
	readonly #giveBack: () => void;
	#turn = 0;
	#open = true;

	private constructor(manifest: DraftManifest, memory: FrameMemory, map: TensorMap, started: Started) {
		this.#manifest = manifest;
		const { outputs, input } = manifest;
		this.name = manifest.name;
		this.version = manifest.version;
		this.landmarks = outputs.landmark.labels.filter((label) => label !== noLandmark);
		this.inputWidth = input.width;
		this.inputHeight = input.height;
		this.inputOffset = map.image.offset;
		this.#session = started.session;
		this.#bindings = started.bindings;
		this.provider = started.session.provider;
		this.refusedProviders = started.refused;
		this.#giveBack = started.giveBack;
		const { buffer } = memory.memory;
		const [landmarkCount, veinCount] = [outputs.landmark.labels.length, outputs.vein.labels.length];
		this.#interval = map.interval ? new Float32Array(buffer, map.interval.offset, 1) : new Float32Array(1);
		this.#landmarkValues = new Float32Array(buffer, map.landmark.offset, landmarkCount);
		this.#veinValues = new Float32Array(buffer, map.vein.offset, veinCount);
		this.#states = new Float32Array(buffer, map.statesOffset, map.statesByteLength / 4);
		this.#answer = {
			landmark: noLandmark,
			landmarkConfidence: 0,
			vein: 'none',
			veinConfidence: 0,
			landmarkProbabilities: new Float32Array(landmarkCount),
			veinProbabilities: new Float32Array(veinCount),
		};
		this.reset();
	}

	/**
	 * Makes a graph ready on the first provider that can run it; the proof is a run.
	 * @param graphs which graph a provider is to run
	 * @param imageOffset where its input is to lie; null: in a room of its own
	 * @param prove throws when the provider, though it runs, does not answer as it should
	 * @throws PhleboxError model-invalid (no graph), model-mismatch (graph and manifest differ), runtime-missing,
	 * runtime-failed (no provider), what `prove` throws
	 */
	static open(
		manifest: DraftManifest,
		graphs: GraphFor,
		memory: FrameMemory,
		options: InferenceOptions,
		imageOffset: number | null = null,
		prove: (opened: OnnxModel) => void = () => undefined,
	): OnnxModel {
		const refused: RefusedProvider[] = [];
		return firstProvider(graphs, options, refused, (runtime, choice, graph) => {
			const opened = OnnxModel.#laid(manifest, memory, imageOffset, (map) => ({
				...startSession(manifest, graph, memory, map, runtime, choice, options.threads),
				refused,
			}));
			try {
				prove(opened);
				return opened;
			} catch (error) {
				opened.close();
				throw error;
			}
		});
	}

	/**
	 * Takes over a network that another thread has made ready and tried. Nothing is run: a few tenths of a millisecond.
	 * Where it fails, the session is still whose it was.
	 * @throws PhleboxError runtime-failed
	 */
	static adopt(handle: SessionHandle, manifest: DraftManifest, memory: FrameMemory, imageOffset: number): OnnxModel {
		return OnnxModel.#laid(manifest, memory, imageOffset, (map) => {
			const session = Session.adopt(handle);
			try {
				return { session, bindings: bindBothWays(session, manifest, memory, map), refused: [] };
			} catch (error) {
				session.handOver();
				throw error;
			}
		});
	}

	static #laid(
		manifest: DraftManifest,
		memory: FrameMemory,
		imageOffset: number | null,
		start: (map: TensorMap) => Omit<Started, 'giveBack'>,
	): OnnxModel {
		const room = takeRoom(memory, tensorMap(manifest, 0, imageOffset).byteLength);
		const map = tensorMap(manifest, room.offset, imageOffset);
		const giveBack = () => giveBackRoom(memory, room);
		try {
			return new OnnxModel(manifest, memory, map, { ...start(map), giveBack });
		} catch (error) {
			giveBack();
			throw error;
		}
	}

	run({ intervalMs }: Interval): Answer {
		if (!this.#open) throw new PhleboxError('runtime-failed', `model ${this.name} is closed`);
		this.#interval[0] = intervalMs / 1000;
		this.#bindings[this.#turn === 0 ? 0 : 1].run();
		this.#turn = 1 - this.#turn;
		const { landmark, vein } = this.#manifest.outputs;
		const answer = this.#answer;
		const landmarkPlace = calibrate(this.#landmarkValues, landmark, answer.landmarkProbabilities);
		const veinPlace = calibrate(this.#veinValues, vein, answer.veinProbabilities);
		if (landmarkPlace < 0 || veinPlace < 0) throw this.#notANumber();
		answer.landmark = landmark.labels[landmarkPlace]!;
		answer.landmarkConfidence = answer.landmarkProbabilities[landmarkPlace]!;
		answer.vein = vein.labels[veinPlace] as VeinState;
		answer.veinConfidence = answer.veinProbabilities[veinPlace]!;
		return answer;
	}

	reset(): void {
		this.#states.fill(0);
		this.#turn = 0;
	}

	close(): void {
		if (!this.#open) return;
		this.#open = false;
		this.#session.close();
		this.#giveBack();
	}

	/** Closes all but the session, for another thread to take over or to free: freeing it takes longer than a turn may. */
	handOver(): SessionHandle {
		if (!this.#open) throw new PhleboxError('runtime-failed', `model ${this.name} is closed`);
		this.#open = false;
		const handle = this.#session.handOver();
		this.#giveBack();
		return handle;
	}

	/** A state that went wrong once would stay wrong: it is forgotten, so that the next image can be right again. */
	#notANumber(): PhleboxError {
		this.reset();
		return new PhleboxError('runtime-failed', `model ${this.name} ${this.version} gave a value that is no number`);
	}
}

interface Started {
	session: Session;
	bindings: readonly [Binding, Binding];
	refused: RefusedProvider[];
	giveBack: () => void;
}
