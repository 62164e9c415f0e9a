import test from 'ava';
import { TimingWindow } from '../../src/telemetry/timing.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

test('a window tells misses, the longest run of them and the stages since its beginning', (t) => {
	const board = new StatusBoard(['sfj']);
	const window = new TimingWindow();
	board.histogram[30] = 100;
	board.stageHistograms[1]![10] = 100;
	board.missRuns[9] = 1;
	board.set('misses', 9);
	window.begin(board);
	t.like(window.figures(board), { misses: 0, longestMissRun: 0, latency: null });
	board.histogram[20]! += 5;
	board.stageHistograms[2]![12]! += 3;
	board.missRuns[2]! += 1;
	board.set('misses', 11);
	const { misses, longestMissRun, latency, stages } = window.figures(board);
	t.deepEqual([misses, longestMissRun, latency!.frames], [2, 2, 5]);
	t.is(stages.network!.frames, 3);
	t.is(stages.screen, null);
	t.is(stages.delivery, null);
});

test('a run of misses that goes on counts as long as it is, no longer than the window', (t) => {
	const board = new StatusBoard(['sfj']);
	const window = new TimingWindow();
	board.set('misses', 4);
	board.set('missRun', 4);
	t.is(window.figures(board).longestMissRun, 4);
	window.begin(board);
	board.set('misses', 6);
	board.set('missRun', 6);
	t.is(window.figures(board).longestMissRun, 2);
});

test('a board that came later, or was begun anew, counts whole', (t) => {
	const board = new StatusBoard(['sfj']);
	const window = new TimingWindow();
	board.set('misses', 5);
	window.begin(board);
	const restarted = new StatusBoard(['sfj']);
	restarted.set('misses', 2);
	restarted.missRuns[2] = 1;
	t.like(window.figures(restarted), { misses: 2, longestMissRun: 2 });
	board.set('misses', 1);
	t.is(window.figures(board).misses, 1);
});
