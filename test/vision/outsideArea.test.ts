import test from 'ava';
import { monotonicMs } from '../../src/clock.ts';
import { protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam } from '../../src/exam/state.ts';
import { SimdKernel } from '../../src/inference/simdKernel.ts';
import { Screen } from '../../src/screen/screen.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { BoardWriter } from '../../src/vision/boardWriter.ts';
import { VisionLoop } from '../../src/vision/loop.ts';
import { Preview } from '../../src/vision/preview.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { DrawnScreen } from '../screen/drawnScreen.ts';
import { answers, Script } from './fakes.ts';

const size = 64;
const roi = { x: 96, y: 40, width: 200, height: 180 };
const told = ['frames', 'images', 'repeats', 'dropped', 'examination', 'previewSequence'] as const;
const place = ['roiX', 'roiY', 'roiWidth', 'roiHeight', 'frameWidth', 'frameHeight'] as const;

/** All that leaves the vision loop of a screen that carries a name: board, preview, messages. Times are left out. */
function whatLeaves(area: readonly [number, number, number, number] | null, name: number) {
	const picture = new DrawnScreen(400, 280);
	const { memory } = picture;
	const script = new Script(
		Array.from({ length: 200 }, () => ({ answer: answers.open })),
		0,
	);
	const kernel = new SimdKernel(memory);
	const input = memory.reserve(size * size * 4);
	const screen = new Screen({ ...screenDefaults, area }, memory, kernel, size, size, input);
	const board = new StatusBoard(['sfj', 'fv']);
	const messages: string[] = [];
	const startMs = monotonicMs() - 10_000;
	let frames = 0;
	const loop = new VisionLoop(
		{
			source: Object.assign(script, {
				next: () => {
					picture.linear(roi, frames >> 1);
					// The name stands in the header; a line of the report rolls past below the scan.
					picture.fill({ x: 8, y: 4, width: 300, height: 16 }, 70);
					picture.letters(8, 6, 30, 230, 1000 * name);
					picture.letters(8 + (frames % 40), 262, 30, 220, 1000 * name + 1);
					return { kind: 'frame', frame: picture.at(startMs + 20 * frames++), signal: 'ok', detail: '' } as const;
				},
			}),
			screen,
			model: script,
			lights: script,
			board: new BoardWriter(board),
			preview: new Preview(memory, kernel, board, 30),
			exam: createExam(protocolDefaults),
			spare: createExam(protocolDefaults),
			sceneChanged: (scene, reason) => messages.push(`${frames} ${scene} ${reason}`),
			record: (record) => messages.push(`${frames} ${record.kind}`),
		},
		100,
	);
	picture.machine(roi);
	const seen: unknown[] = [];
	for (let turn = 0; turn < 150; turn++) {
		loop.turn();
		seen.push([board.guidance, board.scene, board.signal, ...[...told, ...place].map((which) => board.get(which))]);
	}
	return { seen, messages, codes: [...board.codes], preview: [...board.preview] };
}

for (const [how, area] of [
	['given', [roi.x, roi.y, roi.width, roi.height] as const],
	['found', null],
] as const)
	test(`with a scan area that is ${how}, nothing that leaves the vision loop depends on what stands outside of it`, (t) => {
		const one = whatLeaves(area, 1);
		const other = whatLeaves(area, 2);
		t.deepEqual(one, other);
		t.true(
			one.preview.some((grey) => grey > 20),
			'a picture was shown',
		);
	});

test('what stands inside the scan area does matter: the comparison sees something', (t) => {
	t.notDeepEqual(whatLeaves([80, 0, 220, 220], 1).preview, whatLeaves([80, 0, 220, 220], 2).preview);
});
