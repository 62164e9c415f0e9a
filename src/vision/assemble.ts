import { createFrameMemory } from '../capture/frameMemory.ts';
import type { FrameSource } from '../capture/frameSource.ts';
import { pause } from '../capture/pause.ts';
import { RecordingSource } from '../capture/recording/recordingSource.ts';
import { monotonicMs } from '../clock.ts';
import { messageOf, type PhleboxError } from '../errors.ts';
import { changeRules } from '../exam/command.ts';
import type { Protocol } from '../exam/protocol.ts';
import type { ExamRecord } from '../exam/record.ts';
import { createExam, type ExamState } from '../exam/state.ts';
import { ledLights } from '../indicator/keeper/keptLights.ts';
import type { Light } from '../indicator/light.ts';
import { Lights } from '../indicator/lights.ts';
import { selfTest } from '../indicator/selfTest.ts';
import { inferenceOptions } from '../inference/options.ts';
import { loadModelPackage } from '../inference/package/modelPackage.ts';
import { readManifest } from '../inference/package/packageFile.ts';
import { SimdKernel } from '../inference/simdKernel.ts';
import { Screen } from '../screen/screen.ts';
import { screenDefaults } from '../screen/screenOptions.ts';
import { startMarks } from '../startMarks.ts';
import { BoardWriter } from './boardWriter.ts';
import { type LoopParts, VisionLoop } from './loop.ts';
import type { VisionConfig, VisionReady } from './messages.ts';
import { ModelSeat, type SeatParts } from './modelSeat.ts';
import { Preview } from './preview.ts';
import { modelFolder, protocolOf } from './protocol.ts';
import { frameSource } from './source.ts';
import type { StageTimes } from './stageTimes.ts';
import type { StatusBoard } from './statusBoard.ts';

export interface AssemblyParts {
	config: VisionConfig;
	board: StatusBoard;
	/** The exam as another thread left it, or null. */
	exam: ExamState | null;
	record(record: ExamRecord, exam: ExamState): void;
	/** Show each state of the lights once, before the model is loaded. Takes seconds. */
	selfTest?: boolean;
	/** Brightness of the lights, percent of the configured one. */
	dimPercent?: number;
	sceneChanged?: LoopParts['sceneChanged'];
	signalChanged?: LoopParts['signalChanged'];
	/** A network that was swapped in broke, and the one before is back. */
	modelReverted?: SeatParts['reverted'];
	/** Told when a light fails, and with null when it works again. */
	lightChanged?(light: Light, failure: PhleboxError | null): void;
	/** Instead of the configuration's. */
	source?: FrameSource;
	stages?: StageTimes;
}

/** A loop with all its parts open. */
export interface Assembly {
	loop: VisionLoop;
	/** Where the network sits. */
	seat: ModelSeat;
	/** Where the network's input lies, for whoever looks on. */
	image: Float32Array;
	ready: VisionReady;
	/** What was wrong with a source that is over; null when nothing was. */
	sourceFault(): PhleboxError | null;
	/** @param percent of the lights' configured brightness */
	dim(percent: number): void;
	/** Puts the lights out and gives everything back. */
	close(): void;
}

/**
 * Puts the vision loop together: in the vision thread, in `evaluate` and in `bench`.
 * @throws PhleboxError for a model, recording or scan area that no waiting mends; what was opened is closed again
 */
export function assemble(parts: AssemblyParts): Assembly {
	const { config, board } = parts;
	const open: { close(): void }[] = [];
	const close = () => {
		for (const part of open.splice(0).reverse()) part.close();
	};
	try {
		const memory = createFrameMemory();
		const kernel = new SimdKernel(memory);
		const leds = ledLights(config.indicator);
		const lights = new Lights(leds, {}, parts.lightChanged);
		open.push(lights);
		lights.dim(parts.dimPercent ?? 100);
		lights.open();
		startMarks.over('lights');
		if (parts.selfTest && leds.length > 0) {
			showAll(lights, board);
			startMarks.over('self-test');
		}
		const folder = modelFolder(config.inference.model);
		const { input } = readManifest(folder);
		const imageOffset = memory.reserve(4 * input.width * input.height);
		const image = new Float32Array(memory.memory.buffer, imageOffset, input.width * input.height);
		const { model, manifest } = loadModelPackage(folder, memory, inferenceOptions(config.inference), imageOffset);
		open.push(model);
		startMarks.over('model');
		const seat = new ModelSeat({
			...{ memory, imageOffset, model, manifest },
			protocolOf: (of) => protocolOf(config.exam, config.indicator, of),
			reverted: (...told) => parts.modelReverted?.(...told),
		});
		open.push(seat);
		const { protocol } = seat;
		const exam = createExam(protocol, parts.exam?.examination ?? 0);
		const spare = createExam(protocol);
		const screen = new Screen(
			{
				...screenDefaults,
				area: config.screen.roi === 'auto' ? null : config.screen.roi,
				lost: { ...screenDefaults.lost, pictures: config.noSignal ?? [] },
			},
			...([memory, kernel, model.inputWidth, model.inputHeight, model.inputOffset] as const),
		);
		const source = parts.source ?? frameSource(config.capture);
		open.push(source);
		source.open(memory);
		startMarks.over('capture');
		const loop = new VisionLoop(
			{
				source,
				screen,
				model,
				lights,
				board: new BoardWriter(board),
				preview: new Preview(memory, kernel, board, config.vision.previewHz),
				exam,
				spare,
				record: parts.record,
				modelFailed: (error, nowMs) => seat.revert(messageOf(error), nowMs),
				...(parts.sceneChanged ? { sceneChanged: parts.sceneChanged } : {}),
				...(parts.signalChanged ? { signalChanged: parts.signalChanged } : {}),
				...(parts.stages ? { stages: parts.stages } : {}),
			},
			config.capture.frameDeadlineMs,
		);
		seat.attach(loop);
		if (parts.exam) resume(loop, parts.exam, protocol);
		return {
			...{ loop, seat, image },
			ready: {
				kind: 'ready',
				source: source.name,
				model: { name: model.name, version: model.version, sha256: manifest.sha256.model, provider: model.provider },
				providersRefused: [...model.refusedProviders],
				lights: leds.map((led) => led.name),
			},
			dim: (percent) => lights.dim(percent),
			sourceFault: () => (source instanceof RecordingSource ? (source.truncated ?? null) : null),
			close,
		};
	} catch (error) {
		close();
		throw error;
	}
}

/** The examination goes on, by the rules of the model that runs now; what was seen before does not count any more. */
function resume(loop: VisionLoop, before: ExamState, protocol: Protocol): void {
	loop.command((_, nowMs, next) => changeRules(before, protocol, nowMs, next));
}

/** Whoever watches the thread sees that it lives meanwhile. */
function showAll(lights: Light, board: StatusBoard): void {
	selfTest(
		lights,
		{},
		{
			nowMs: monotonicMs,
			pause(milliseconds) {
				board.setToNow('heartbeatMs');
				pause(milliseconds);
			},
		},
	);
}
