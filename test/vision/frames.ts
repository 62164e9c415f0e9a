import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { MemorySource } from '../../src/evaluation/memorySource.ts';
import { protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam } from '../../src/exam/state.ts';
import { LedLight } from '../../src/indicator/led/ledLight.ts';
import { Lights } from '../../src/indicator/lights.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { BoardWriter } from '../../src/vision/boardWriter.ts';
import { VisionLoop } from '../../src/vision/loop.ts';
import { Preview } from '../../src/vision/preview.ts';
import { StageTimes } from '../../src/vision/stageTimes.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { playRounds } from '../allocation/rounds.ts';
import { answers, Script } from './fakes.ts';

// The child process of allocation.test.ts: frames through the whole loop, an open vein in view. Screen and network, whose
// work takes its time and which have tests of their own, give the same answer again and again.
const folder = mkdtempSync(join(tmpdir(), 'phlebox-frames-'));
const led = (name: string): string => {
	mkdirSync(join(folder, name));
	writeFileSync(join(folder, name, 'brightness'), '0\n');
	writeFileSync(join(folder, name, 'max_brightness'), '255\n');
	return join(folder, name);
};
const frames = 5000;
const memory = createFrameMemory(2, 65_536);
const source = new MemorySource({ width: 64, height: 48, pixelFormat: 'GREY' }, 1e9, () => undefined);
source.open(memory);
const script = new Script([{ answer: answers.open }], 0);
script.next();
const view = script.look();
const answer = script.run({ intervalMs: 0 });
const lights = new Lights([new LedLight({ red: led('red'), green: led('green'), blue: led('blue') })]);
lights.open();
const board = new StatusBoard(['sfj', 'fv']);
const loop = new VisionLoop(
	{
		source,
		screen: { look: () => view, reset: () => undefined },
		model: Object.assign(script, { run: () => answer }),
		lights,
		board: new BoardWriter(board),
		preview: new Preview(memory, new SimdKernel(memory), board, 30),
		exam: createExam(protocolDefaults),
		spare: createExam(protocolDefaults),
		record: () => undefined,
		stages: new StageTimes(frames),
	},
	100,
);
await playRounds(frames, (turns) => {
	for (let i = 0; i < turns; i++) loop.turn();
});
lights.close();
rmSync(folder, { recursive: true });
if (board.guidance !== 'press') throw new Error(`the light says ${board.guidance}`);
