import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import type { SignalState } from '../../src/capture/signal.ts';
import { V4l2Source } from '../../src/capture/v4l2/v4l2Source.ts';
import { type Protocol, protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam } from '../../src/exam/state.ts';
import type { Indication } from '../../src/indicator/light.ts';
import { ReferenceKernel } from '../../src/inference/referenceKernel.ts';
import { BoardWriter } from '../../src/vision/boardWriter.ts';
import { VisionLoop } from '../../src/vision/loop.ts';
import { Preview } from '../../src/vision/preview.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { FakeDevice } from '../capture/v4l2/fakeDevice.ts';
import { answers, Script } from '../vision/fakes.ts';

/** Short, but long enough for a busy machine. */
const options = { reopenMs: 30, stuckMs: 600, firstFrameMs: 600, queryMs: 30, staleMs: 40 };
/** On a busy machine frames may come late without any fault. */
const patient: Partial<Protocol> = { maxGapMs: 5000, pressLimitMs: 60_000, capturedShowMs: 60_000 };

/** The screen shows a live scan and the network sees what the test says. */
class Scan extends Script {
	sees: keyof typeof answers = 'none';

	constructor() {
		super([], 0);
	}

	override look(): ReturnType<Script['look']> {
		return {
			scene: 'live',
			repeated: false,
			changed: false,
			reason: '',
			lost: false,
			roi: { x: 0, y: 0, width: 8, height: 8 },
		};
	}

	override run(): ReturnType<Script['run']> {
		const probabilities = new Float32Array(4);
		return {
			...{ ...answers[this.sees], landmarkConfidence: 0.99, veinConfidence: 0.99 },
			...{ landmarkProbabilities: probabilities, veinProbabilities: probabilities },
		};
	}
}

/** The loop of the box on a V4L2 source whose device is the test's own, and whose scan the test presses. */
export function pressedDevice(fields: Partial<FakeDevice> = {}) {
	const device = Object.assign(new FakeDevice(), fields);
	const scan = new Scan();
	const memory = createFrameMemory(4, 65_536);
	const source = new V4l2Source(options, device);
	source.open(memory);
	const board = new StatusBoard(['sfj', 'fv']);
	const protocol = { ...protocolDefaults, ...patient };
	const signals: { signal: SignalState; cause: string }[] = [];
	const records: string[] = [];
	const loop = new VisionLoop(
		{
			source,
			...{ screen: scan, model: scan, lights: scan },
			board: new BoardWriter(board),
			preview: new Preview(memory, new ReferenceKernel(memory), board, 0),
			exam: createExam(protocol),
			spare: createExam(protocol),
			record: ({ kind }) => records.push(kind),
			signalChanged: (signal, cause) => signals.push({ signal, cause }),
		},
		50,
	);
	const shown = (): Indication => scan.shown.at(-1)!;
	/** Turns until the light shows it. @throws Error after five seconds */
	function turnUntil(what: string, fits: () => boolean): void {
		const end = performance.now() + 5000;
		while (!fits()) {
			if (performance.now() > end) throw new Error(`no ${what}; the light says ${shown().guidance}`);
			loop.turn();
		}
	}
	return { device, scan, loop, board, records, signals, shown, turnUntil, close: () => source.close() };
}
