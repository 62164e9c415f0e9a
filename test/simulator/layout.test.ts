import test from 'ava';
import fc from 'fast-check';
import { Canvas } from '../../src/simulator/canvas.ts';
import { layouts, placePicture, screenSizes } from '../../src/simulator/layout.ts';
import { chooseProbe, pictureSize } from '../../src/simulator/probe.ts';
import { Random } from '../../src/simulator/random.ts';
import { RunningClock } from '../../src/simulator/runningClock.ts';
import { RunningTrace } from '../../src/simulator/runningTrace.ts';

for (const layout of layouts)
	test(`in layout ${layout.name} the picture keeps its proportions, lies inside its box and clear of what runs`, (t) => {
		fc.assert(
			fc.property(fc.nat(), fc.constantFrom(...screenSizes), (seed, [width, height]) => {
				const probe = chooseProbe(new Random(seed), layout.probe);
				const roi = placePicture(layout, probe, width, height);
				const size = pictureSize(probe);
				const [x, y, across, down] = layout.box;
				const canvas = new Canvas(width, height);
				const running = [new RunningClock(canvas, layout).place];
				const trace = new RunningTrace(canvas, layout).place;
				if (layout.trace) running.push({ ...trace, x: 0, width });
				return (
					roi.x >= x * width - 2 &&
					roi.y >= y * height - 2 &&
					roi.x + roi.width <= (x + across) * width + 2 &&
					roi.y + roi.height <= (y + down) * height + 2 &&
					roi.y >= layout.header * height &&
					Math.abs(roi.width / roi.height / (size.width / size.height) - 1) < 0.02 &&
					running.every(
						(place) =>
							place.x >= 0 &&
							place.x + place.width <= width &&
							place.y + place.height <= height &&
							(place.y + place.height <= roi.y ||
								place.y >= roi.y + roi.height ||
								place.x >= roi.x + roi.width ||
								place.x + place.width <= roi.x),
					)
				);
			}),
		);
		t.pass();
	});

test('there are at least four layouts, dark and light, linear and sector', (t) => {
	t.true(layouts.length >= 4);
	t.true(layouts.some(({ ground }) => ground[0] > 120));
	t.true(layouts.some(({ ground }) => ground[0] < 40));
	t.true(layouts.some(({ probe }) => probe === 'curved'));
	t.is(new Set(layouts.map(({ name }) => name)).size, layouts.length);
});

test('the clock is drawn anew when its time changes, and only then', (t) => {
	const canvas = new Canvas(640, 480);
	const clock = new RunningClock(canvas, layouts.find(({ tenths }) => !tenths)!);
	t.true(clock.show(36_000, false));
	const one = canvas.luma.slice();
	t.false(clock.show(36_000.9, false));
	t.true(Buffer.from(canvas.luma).equals(one));
	t.true(clock.show(36_001, false));
	t.false(Buffer.from(canvas.luma).equals(one));
	t.true(clock.show(36_000.2, true));
	t.true(Buffer.from(canvas.luma).equals(one));
});
