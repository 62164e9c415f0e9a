import test from 'ava';
import { overlap } from '../../src/screen/layoutWatch.ts';
import { framesAnImage, machine, words } from './machine.ts';

/** Two pictures side by side. */
const left = { x: 60, y: 40, width: 140, height: 180 };
const right = { x: 212, y: 40, width: 140, height: 180 };
const both = [60, 40, 292, 180] as const;

function twoPictures(box: ReturnType<typeof machine>, runs: 'left' | 'right') {
	return (frame: number) => {
		const image = Math.floor(frame / framesAnImage);
		box.picture.linear(left, runs === 'left' ? image : 1);
		box.picture.linear(right, runs === 'right' ? image : 1);
	};
}

for (const runs of ['left', 'right'] as const)
	test(`of two pictures of which the ${runs} one runs a configured area is dual, with the reason`, (t) => {
		const box = machine({ area: both });
		const said = box.play(3000, twoPictures(box, runs));
		t.deepEqual(words(said), ['frozen', 'live', 'dual']);
		t.is(said.at(-1)!.reason, `two pictures, of which the ${runs} one runs`);
	});

test('two halves of one running picture are live', (t) => {
	const box = machine({ area: both });
	const said = box.play(3000, (frame) =>
		box.picture.linear({ x: 60, y: 40, width: 292, height: 180 }, Math.floor(frame / framesAnImage)),
	);
	t.deepEqual(words(said), ['frozen', 'live']);
});

test('of a dual picture the half that runs is found', (t) => {
	for (const [runs, place] of [
		['left', left],
		['right', right],
	] as const) {
		const box = machine();
		box.picture.fill({ x: 50, y: 30, width: 340, height: 210 }, 0);
		const said = box.play(3000, twoPictures(box, runs));
		t.is(said.at(-1)!.scene, 'live');
		t.true(overlap(said.at(-1)!.roi!, place) > 0.9, JSON.stringify(said.at(-1)!.roi));
	}
});

test('a picture that becomes the one half of two is found there, and what was seen of it before is void', (t) => {
	const box = machine();
	box.picture.fill({ x: 50, y: 30, width: 340, height: 210 }, 0);
	const whole = { x: 60, y: 40, width: 292, height: 180 };
	box.play(2500, (frame) => box.picture.linear(whole, Math.floor(frame / framesAnImage)));
	box.picture.fill(whole, 0);
	const said = box.play(6000, twoPictures(box, 'right'));
	t.deepEqual(words(said), ['live', 'dual', 'layout-changed', 'frozen', 'live']);
	t.true(overlap(said.at(-1)!.roi!, right) > 0.9, JSON.stringify(said.at(-1)!.roi));
});

test('when the other half of two begins to run, it is found', (t) => {
	const box = machine();
	box.picture.fill({ x: 50, y: 30, width: 340, height: 210 }, 0);
	box.play(2500, twoPictures(box, 'left'));
	const said = box.play(8000, twoPictures(box, 'right'));
	t.deepEqual(words(said), ['live', 'frozen', 'layout-changed', 'frozen', 'live']);
	t.true(overlap(said.at(-1)!.roi!, right) > 0.9, JSON.stringify(said.at(-1)!.roi));
});

test('a clock, a trace and a cursor beside a frozen picture are no other half', (t) => {
	const box = machine();
	box.play(2500, box.scan);
	const said = box.play(6000, (frame) => {
		box.picture.clock(frame >> 3);
		box.picture.paint({ x: 20, y: 240, width: 340, height: 24 }, (x, y) =>
			Math.abs(y - 12 - 9 * Math.sin((x + frame * 3) / 9)) < 1.5 ? 200 : 0,
		);
	});
	t.deepEqual(words(said), ['live', 'frozen']);
});
