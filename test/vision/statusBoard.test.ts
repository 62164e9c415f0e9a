import { Worker } from 'node:worker_threads';
import test from 'ava';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

const sites = ['sfj', 'fv'];

test('what was said is read again: guidance, site and until when', (t) => {
	const board = new StatusBoard(sites);
	t.deepEqual([board.guidance, board.site], ['starting', null]);
	for (const [guidance, site] of [
		['captured', 'sfj'],
		['searching', 'fv'],
		['fault', null],
		['starting', null],
	] as const) {
		board.say(guidance, site, 1000);
		const other = new StatusBoard(sites, board.buffer);
		t.deepEqual([other.guidance, other.site], [guidance, site]);
		t.is(other.validGuidance(999), guidance);
		t.is(other.validGuidance(1000), 'dont-know');
		t.is(other.validGuidance(Number.NaN), 'dont-know');
	}
});

test('at no moment does the board say of one site what was said of another', async (t) => {
	const board = new StatusBoard(sites);
	const going = new Int32Array(new SharedArrayBuffer(4));
	const writer = new Worker(new URL('boardWriting.js', import.meta.url), {
		workerData: { board: board.buffer, going },
	});
	const wrong = new Set<string>();
	const seen = new Set<string>();
	Atomics.wait(going, 0, 0, 30_000);
	const endMs = performance.now() + 30_000;
	// On one processor the writer stands still as long as the reader has its turn: it reads until both words were seen.
	for (let i = 0; i < 200_000 || (seen.size < 2 && performance.now() < endMs); i++) {
		const { said } = board;
		const now = `${board.guidanceOf(said)} ${board.siteOf(said)}`;
		seen.add(now);
		if (now !== 'captured sfj' && now !== 'searching fv') wrong.add(now);
	}
	Atomics.store(going, 0, 2);
	await writer.terminate();
	t.deepEqual([...wrong], []);
	t.is(seen.size, 2, 'the writer was at work');
});

test('an old word never holds as long as the new one: the word is written first', (t) => {
	const board = new StatusBoard(sites);
	board.say('captured', 'sfj', 1000);
	const states: [string, number][] = [];
	const { set } = board;
	board.set = (name, value) => {
		states.push([board.guidance, board.get('expiresMs')]);
		set.call(board, name, value);
	};
	board.say('searching', 'fv', 1250);
	t.deepEqual(states, [['searching', 1000]]);
	t.is(board.get('expiresMs'), 1250);
});
