import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { areaFault, checkedArea } from '../../src/screen/configuredArea.ts';

const frame = { width: 640, height: 480 };

for (const [area, fault] of [
	[[0, 0, 0, 480], /smaller than 16x16 pixels; the frame is 640x480/],
	[[10, 10, 100, 8], /smaller than 16x16/],
	[[-1, 0, 100, 100], /does not lie within the frame; choose it again; the frame is 640x480/],
	[[0, 0, 641, 480], /does not lie within the frame; choose it again; the frame is 640x480/],
	[[600, 400, 40, 81], /does not lie within/],
	[[0.5, 0, 100, 100], /four whole numbers/],
	[[0, 0, 100], /four whole numbers/],
	[[0, Number.NaN, 100, 100], /four whole numbers/],
] as const)
	test(`the scan area [${area.join(', ')}] is refused in one line`, (t) => {
		t.regex(areaFault(area, frame), fault);
		const error = t.throws(() => checkedArea(area, frame), { instanceOf: PhleboxError });
		t.is(error?.code, 'roi-invalid');
		t.false(error?.message.includes('\n'));
	});

test('a scan area that fits is taken as it is', (t) => {
	t.deepEqual(checkedArea([0, 0, 640, 480], frame), { x: 0, y: 0, width: 640, height: 480 });
	t.deepEqual(checkedArea([600, 440, 40, 40], frame), { x: 600, y: 440, width: 40, height: 40 });
});

test('without a frame only what is wrong for all frames is refused', (t) => {
	t.is(areaFault([5000, 5000, 100, 100]), '');
	t.regex(areaFault([0, 0, 0, 0]), /smaller than 16x16 pixels$/);
	t.regex(areaFault([-5, 0, 100, 100]), /does not lie within/);
});
