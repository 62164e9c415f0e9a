import test from 'ava';
import { refine } from '../../src/screen/refine.ts';
import { DrawnScreen } from './drawnScreen.ts';

const truth = { x: 83, y: 41, width: 300, height: 217 };

function scan(format: 'GREY' | 'YUYV'): DrawnScreen {
	const screen = new DrawnScreen(480, 320, format);
	screen.linear(truth, 1);
	return screen;
}

for (const format of ['GREY', 'YUYV'] as const)
	test(`sides that are off by some pixels are moved to where the picture begins, ${format}`, (t) => {
		const screen = scan(format);
		const roi = { x: 80, y: 44, width: 306, height: 210 };
		refine(screen.memory.bytes, screen.frame, roi, 5);
		t.deepEqual(roi, truth);
	});

test('ticks of a ruler beside the picture are not taken for its side', (t) => {
	const screen = scan('GREY');
	for (let y = 41; y < 258; y += 12) screen.fill({ x: 385, y, width: 4, height: 3 }, 240);
	const roi = { ...truth, width: truth.width + 3 };
	refine(screen.memory.bytes, screen.frame, roi, 6);
	t.deepEqual(roi, truth);
});

test('a side in the dark stays where it is', (t) => {
	const screen = new DrawnScreen(480, 320);
	const roi = { ...truth };
	refine(screen.memory.bytes, screen.frame, roi, 5);
	t.deepEqual(roi, truth);
});

test('a picture that fills the frame keeps the edge of the frame', (t) => {
	const screen = new DrawnScreen(480, 320);
	const whole = { x: 0, y: 0, width: 480, height: 320 };
	screen.linear(whole, 1);
	const roi = { ...whole };
	refine(screen.memory.bytes, screen.frame, roi, 1);
	t.true(roi.x <= 1 && roi.y <= 1 && roi.width >= 478 && roi.height >= 318, JSON.stringify(roi));
});
