import test from 'ava';
import { createFrameMemory } from '../../src/capture/frameMemory.ts';
import { monotonicMs } from '../../src/clock.ts';
import { endExamination } from '../../src/exam/command.ts';
import { type Protocol, protocolDefaults } from '../../src/exam/protocol.ts';
import type { ExamRecord } from '../../src/exam/record.ts';
import { createExam } from '../../src/exam/state.ts';
import { ReferenceKernel } from '../../src/inference/referenceKernel.ts';
import { BoardWriter } from '../../src/vision/boardWriter.ts';
import { VisionLoop } from '../../src/vision/loop.ts';
import { Preview } from '../../src/vision/preview.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { stages } from '../../src/vision/turnTimes.ts';
import { answers, Script, type Turn } from './fakes.ts';

function setUp(turns: readonly Turn[], rules: Partial<Protocol> = {}, agoMs = 0) {
	// The last turn is now: a turn without a frame takes the time of the clock.
	const script = new Script(turns, monotonicMs() - 40 * turns.length - agoMs);
	const memory = createFrameMemory(1, 65_536);
	const board = new StatusBoard(['sfj', 'fv']);
	const protocol = { ...protocolDefaults, ...rules };
	const records: ExamRecord[] = [];
	const loop = new VisionLoop(
		{
			source: script,
			screen: script,
			model: script,
			lights: script,
			board: new BoardWriter(board),
			preview: new Preview(memory, new ReferenceKernel(memory), board, 30),
			exam: createExam(protocol),
			spare: createExam(protocol),
			record: (record) => records.push(record),
		},
		100,
	);
	const play = () => {
		for (const _ of turns) loop.turn();
	};
	return { script, board, records, loop, play };
}

const times = (count: number, turn: Turn): Turn[] => Array.from({ length: count }, () => turn);
const press: Turn[] = [...times(8, { answer: answers.open }), ...times(8, { answer: answers.closed })];

test('a vein that was seen open and then closed is recorded and shown as captured', (t) => {
	const { records, board, script, play } = setUp(press);
	play();
	t.deepEqual(
		records.map(({ kind }) => kind),
		['examination-started', 'site'],
	);
	t.is(board.guidance, 'captured');
	t.is(board.site, 'sfj');
	t.is(board.siteOutcome(0), 'captured');
	t.is(board.siteOutcome(1), null);
	t.is(script.shown.at(-1)?.guidance, 'captured');
});

test('the network runs on fresh live images only, with the time since the image before', (t) => {
	const { script, play } = setUp([
		{},
		{ repeated: true },
		{},
		{ scene: 'frozen', repeated: true },
		{ scene: 'not-ultrasound' },
		{},
		{},
	]);
	play();
	t.deepEqual(script.intervals.map(Math.round), [0, 80, 0, 40]);
});

test('what was seen is forgotten after a break: the network once, the screen each time', (t) => {
	const { script, play } = setUp([
		{},
		{ kind: 'signal', signal: 'no-signal' },
		{ kind: 'signal', signal: 'no-lock' },
		{},
	]);
	play();
	t.is(script.resets, 3);
	t.deepEqual(script.intervals, [0, 0]);
});

test('another scan area ends the pass, even with both areas live', (t) => {
	const { records, script, play } = setUp([
		...press.slice(0, 8),
		{ changed: true, answer: answers.closed },
		...times(8, { answer: answers.closed }),
	]);
	play();
	t.false(records.some(({ kind }) => kind === 'site'));
	t.is(script.shown.at(-1)?.guidance, 'release');
});

test('a lost signal ends the pass and says so on light and board', (t) => {
	const { board, script, play, records } = setUp([...press.slice(0, 12), { kind: 'signal', signal: 'no-cable' }]);
	play();
	t.is(board.signal, 'no-cable');
	t.is(board.guidance, 'no-signal');
	t.is(script.shown.at(-1)?.guidance, 'no-signal');
	t.false(records.some(({ kind }) => kind === 'site'));
});

test('frames in which no screen is are a lost signal on light and board, and count as frames', (t) => {
	const { board, script, play, records } = setUp([...press.slice(0, 12), { snow: true, scene: 'not-ultrasound' }]);
	play();
	t.is(board.signal, 'no-signal');
	t.is(board.guidance, 'no-signal');
	t.is(script.shown.at(-1)?.guidance, 'no-signal');
	t.is(board.get('frames'), 13);
	t.false(records.some(({ kind }) => kind === 'site'));
});

test('a turn without a frame does not bring back a signal that was lost', (t) => {
	const lost = { snow: true, scene: 'not-ultrasound' } as const;
	const { board, script, play } = setUp([...press.slice(0, 12), lost, { kind: 'idle' }]);
	play();
	t.is(board.signal, 'no-signal');
	t.is(script.shown.at(-1)?.guidance, 'no-signal');
	const back = setUp([lost, { kind: 'idle' }, press[0]!, { kind: 'idle' }]);
	back.play();
	t.is(back.board.signal, 'ok');
});

test('what is shown expires soon after the image it rests on', (t) => {
	const { script, board, play } = setUp(press);
	play();
	const last = script.shown.at(-1)!;
	t.true(last.expiresMs - board.get('frameMs') <= protocolDefaults.resultMs);
});

test('a turn without a frame leaves the guidance to its expiry', (t) => {
	// The turn without a frame takes the time of the clock, which on a busy machine can be much later.
	const { script, play } = setUp([...press, { kind: 'idle' }], { resultMs: 60_000 });
	play();
	const [before, last] = script.shown.slice(-2);
	t.is(last?.guidance, before?.guidance);
	t.is(last?.expiresMs, before?.expiresMs);
});

test('frames, images, repeats and gaps are counted', (t) => {
	const { board, play } = setUp([{}, { repeated: true }, { lost: 3 }, { kind: 'idle' }, {}]);
	play();
	t.is(board.get('frames'), 4);
	t.is(board.get('images'), 3);
	t.is(board.get('repeats'), 1);
	t.is(board.get('dropped'), 3);
	t.is(
		board.histogram.reduce((sum, count) => sum + count, 0),
		4,
	);
});

test('each stage of each frame is timed, the network only where it ran', (t) => {
	const { board, play } = setUp([{}, { repeated: true }, { scene: 'frozen' }, { kind: 'idle' }, {}]);
	play();
	const counted = board.stageHistograms.map((histogram) => histogram.reduce((sum, count) => sum + count, 0));
	t.deepEqual(Object.fromEntries(stages.map((stage, i) => [stage, counted[i]])), {
		...{ delivery: 4, screen: 4, network: 2, light: 4 },
	});
});

test('frames that reach the light later than the next one comes are misses, and their longest run is known', (t) => {
	// Frames of 40 ms that were captured long ago.
	const { board, play } = setUp(times(6, {}), {}, 5000);
	play();
	t.is(board.get('misses'), 5, 'for the first one no frame time is known');
	t.is(board.get('missRun'), 5);
	const punctual = setUp(times(6, {}), {}, -1000);
	punctual.play();
	t.is(punctual.board.get('misses'), 0);
});

test('only a fresh live image becomes a preview', (t) => {
	const scenes = (['frozen', 'not-ultrasound', 'layout-changed', 'no-roi'] as const).map((scene) => ({ scene }));
	const { board, play } = setUp([...scenes, { repeated: true }]);
	play();
	t.is(board.get('previewSequence'), 0);
	const live = setUp([{}]);
	live.play();
	t.is(live.board.get('previewSequence'), 1);
});

test('the end of the source is said, and the light claims nothing', (t) => {
	const { loop, script, board, play } = setUp(press);
	play();
	loop.turn();
	t.true(loop.ended);
	t.is(script.shown.at(-1)?.guidance, 'no-signal');
	t.is(board.guidance, 'no-signal');
});

test('a command changes the exam between two turns and records what it brings', (t) => {
	const { loop, records, play } = setUp(press);
	play();
	loop.command((state, now, next) => endExamination(state, now, next));
	const last = records.at(-1);
	t.is(last?.kind, 'examination');
	t.is(last?.kind === 'examination' && last.outcome, 'not-captured');
	t.is(loop.exam.phase, 'over');
});

test('identify is shown while the exam waits, and gives way to the first image of a press', (t) => {
	const { script, loop, board, play } = setUp([
		...times(4, { scene: 'no-roi' }),
		{ kind: 'signal', signal: 'no-signal' },
		...times(3, {}),
		...press,
	]);
	loop.identifyUntilMs = monotonicMs() + 60_000;
	play();
	const said = script.shown.map(({ guidance }) => guidance);
	t.deepEqual(new Set(said.slice(0, 8)), new Set(['identify'] as const));
	t.false(said.slice(8).includes('identify'), `${said}`);
	t.is(said.at(-1), 'captured');
	t.is(board.guidance, 'captured');
});

test('identify ends in its time, and rests on each turn like all that is shown', (t) => {
	const { script, loop, board } = setUp(times(3, { scene: 'no-roi' }));
	loop.identifyUntilMs = monotonicMs() + 60_000;
	loop.turn();
	const { guidance, expiresMs } = script.shown.at(-1)!;
	t.is(guidance, 'identify');
	t.true(expiresMs <= monotonicMs() + protocolDefaults.resultMs);
	t.is(board.guidance, 'dont-know', 'page and MQTT are told what the exam says');
	loop.identifyUntilMs = monotonicMs();
	loop.turn();
	t.is(script.shown.at(-1)?.guidance, 'dont-know');
});
