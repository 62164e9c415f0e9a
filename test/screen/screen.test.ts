import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { overlap } from '../../src/screen/layoutWatch.ts';
import type { SceneResult } from '../../src/screen/screen.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { DrawnScreen, hash } from './drawnScreen.ts';
import { area, frameMs, framesAnImage, fresh, machine, roi, size, words } from './machine.ts';

test('the scan area of a running scan is found, and the scene is live', (t) => {
	const box = machine();
	const said = box.play(3000, box.scan);
	t.deepEqual(words(said), ['no-roi', 'frozen', 'live']);
	t.true(overlap(said.at(-1)!.roi!, roi) > 0.97, JSON.stringify(said.at(-1)!.roi));
	t.is(said.filter(({ changed, roi: found }) => changed && found !== null).length, 1);
	t.true(said.filter(({ scene }) => scene === 'no-roi').every((each) => each.roi === null && each.repeated));
	t.is(said.at(-1)!.reason, '');
});

test('the scan area of a running scan is in use within a second, and kept when the longer look confirms it', (t) => {
	const box = machine();
	const said = box.play(4000, box.scan);
	const first = said.findIndex(({ roi: found }) => found !== null);
	t.true(first * frameMs < 1000, `found after ${first * frameMs} ms`);
	t.is(said.filter(({ changed }) => changed).length, 2, 'with the first frame, and with the area');
	t.is(said.at(-1)!.roi, said[first]!.roi);
});

test('an area found early is given up when the longer look finds another one', (t) => {
	const box = machine();
	const wider = { x: 80, y: 30, width: 290, height: 230 };
	const said = [
		...box.play(800, box.scan),
		...box.play(4000, (frame) => box.picture.linear(wider, Math.floor(frame / framesAnImage))),
	];
	t.deepEqual(words(said), ['no-roi', 'frozen', 'live', 'no-roi', 'frozen', 'live']);
	t.true(said.some(({ reason }) => reason === 'a longer look at the screen found another scan area'));
	t.true(overlap(said.at(-1)!.roi!, wider) > 0.95, JSON.stringify(said.at(-1)!.roi));
});

test('each new image is fresh once, and repeated frames say so', (t) => {
	const box = machine({ area });
	const said = box.play(2000, box.scan);
	t.is(fresh(said), said.length / framesAnImage);
	said.forEach(({ repeated }, i) => {
		t.is(repeated, i % framesAnImage !== 0);
	});
});

test('the input of the network is the fresh image', (t) => {
	const box = machine({ area });
	const floats = new Float32Array(box.picture.memory.memory.buffer);
	const own = box.picture.memory.reserve(size * size * 4);
	box.play(400, box.scan);
	const [result] = box.play(frameMs, box.scan);
	t.false(result!.repeated);
	box.kernel.areaAverage(box.picture.frame, roi, own, size, size);
	const tensor = (at: number) => [...floats.subarray(at / 4, at / 4 + size * size)];
	t.deepEqual(tensor(box.input), tensor(own));
	t.true(new Set(tensor(own)).size > 100, 'a picture, not a blank');
});

test('a picture that stands is frozen although the clock runs, and live again with new images', (t) => {
	const box = machine({ area });
	box.play(400, box.scan);
	const stands = box.play(1500, box.still);
	t.deepEqual(words(stands), ['live', 'frozen']);
	t.is(fresh(stands), 0);
	const limit = stands.findIndex(({ scene }) => scene === 'frozen') * frameMs;
	t.true(Math.abs(limit - screenDefaults.freeze.frozenAfterMs) <= 2 * frameMs, `frozen after ${limit} ms`);
	t.is(stands.at(-1)!.reason, 'the picture stands');
	const again = box.play(400, box.scan);
	t.deepEqual(words(again), ['frozen', 'live']);
	t.is(
		fresh(again.slice(0, again.findIndex(({ scene }) => scene === 'live') + 1)),
		screenDefaults.freeze.liveAfterImages,
	);
});

test('a cursor that moves over a frozen picture brings no new image', (t) => {
	const box = machine({ area });
	let standing = 0;
	box.play(400, (frame) => {
		standing = Math.floor(frame / framesAnImage);
		box.scan(frame);
	});
	const said = box.play(2000, (frame) => {
		box.picture.linear(roi, standing);
		box.picture.fill({ x: roi.x + 30 + ((frame * 3) % 120), y: roi.y + 60, width: 7, height: 10 }, 240);
	});
	t.is(said.at(-1)!.scene, 'frozen');
	t.is(fresh(said), 0);
});

test('a probe in air whose noise is faint is live on a source that repeats exactly', (t) => {
	const box = machine({ area });
	box.play(400, box.scan);
	const said = box.play(2000, (frame) => {
		const image = Math.floor(frame / framesAnImage);
		// Rings of the probe's own echo, the same in every image, and noise of a grey or two.
		box.picture.paint(roi, (x, y) => {
			const ring = 110 * Math.exp(-y / 14) * (0.6 + 0.4 * Math.sin(y * 1.2)) * (0.7 + 0.3 * Math.sin(x / 4 + y / 3));
			return ring + (y < 70 ? hash(x >> 1, y >> 1, image) * 3 : 0);
		});
	});
	t.is(said.at(-1)!.reason, '');
	t.is(said.at(-1)!.scene, 'live');
});

test('small changes of every frame are no new images on a source that never repeats exactly', (t) => {
	const box = machine({ area });
	const said = box.play(2000, (frame) => {
		box.picture.linear(roi, 1);
		// A grey up or down in the dark, as a compressed recording has it.
		box.picture.paint({ ...roi, y: roi.y + 110, height: 70 }, (x, y) => 14 + hash(x, y, frame) * 4);
	});
	t.is(fresh(said), 1);
	t.is(said.at(-1)!.scene, 'frozen');
});

test('a scan that moves to another place is a changed layout, and found again', (t) => {
	const box = machine();
	box.play(2500, box.scan);
	const wider = { x: 80, y: 30, width: 290, height: 230 };
	const said = box.play(9000, (frame) => box.picture.linear(wider, Math.floor(frame / framesAnImage)));
	t.deepEqual(words(said), ['live', 'layout-changed', 'frozen', 'live']);
	t.true(overlap(said.at(-1)!.roi!, wider) > 0.95, JSON.stringify(said.at(-1)!.roi));
	const changes = said.filter(({ changed }) => changed);
	t.deepEqual(
		changes.map((each) => each.roi === null),
		[true, false],
	);
});

test('a probe in air keeps the scan area', (t) => {
	const box = machine();
	box.play(2500, box.scan);
	const said = box.play(9000, (frame) => {
		box.picture.fill(roi, 0);
		box.picture.linear({ ...roi, height: 40 }, Math.floor(frame / framesAnImage));
	});
	t.false(words(said).includes('layout-changed'));
	t.true(overlap(said.at(-1)!.roi!, roi) > 0.97);
});

test('frames of another size are a changed layout at once, and the scan area is searched anew', (t) => {
	const box = machine();
	box.play(2500, box.scan);
	const small = new DrawnScreen(320, 240, 'GREY', box.picture.memory);
	const place = { x: 60, y: 40, width: 200, height: 160 };
	const said: SceneResult[] = [];
	for (let frame = 0; frame < 150; frame++) {
		small.linear(place, frame >> 1);
		said.push({ ...box.screen.look(small.at(5000 + frame * frameMs)) });
	}
	t.is(said[0]!.scene, 'layout-changed');
	t.is(said[0]!.reason, 'the frame is now 320x240');
	t.true(said[0]!.changed);
	t.deepEqual(words(said), ['layout-changed', 'frozen', 'live']);
	t.true(overlap(said.at(-1)!.roi!, place) > 0.95);
});

test('a configured scan area is for one size of frame', (t) => {
	const box = machine({ area });
	t.is(box.play(400, box.scan).at(-1)!.scene, 'live');
	const small = new DrawnScreen(320, 240, 'GREY', box.picture.memory);
	const other = { ...box.screen.look(small.at(2000)) };
	t.is(other.scene, 'layout-changed');
	t.regex(other.reason, /now 320x240, the scan area was given for 400x280/);
	box.skip(1000);
	t.is(box.play(400, box.scan).at(-1)!.scene, 'live');
});

test('a configured scan area that does not fit the frame is no scan area, with the reason', (t) => {
	const box = machine({ area: [300, 200, 200, 100] });
	const said = box.play(200, box.scan);
	t.deepEqual(words(said), ['no-roi']);
	t.is(
		said[0]!.reason,
		'the scan area [300, 200, 200, 100] does not lie within the frame; choose it again; the frame is 400x280',
	);
});

test('a configured scan area that fits no frame is refused at once', (t) => {
	const error = t.throws(() => machine({ area: [0, 0, 0, 0] }), { instanceOf: PhleboxError });
	t.is(error?.code, 'roi-invalid');
});

test('after a reset nothing is live before new images, and the scan area is kept', (t) => {
	const box = machine();
	const before = box.play(2500, box.scan).at(-1)!;
	box.screen.reset();
	const said = box.play(300, box.scan);
	t.deepEqual(words(said), ['frozen', 'live']);
	t.is(said[0]!.roi, before.roi);
	t.false(said[0]!.changed);
});

test('a search that finds nothing says why and goes on', (t) => {
	const box = machine();
	const nothing = box.play(4000, box.still);
	t.deepEqual(words(nothing), ['no-roi']);
	t.is(nothing.at(-1)!.reason, 'nothing on the screen looks like a scan');
	t.is(box.play(5000, box.scan).at(-1)!.scene, 'live');
});

test('a scanner that is frozen at switch-on is found, and frozen', (t) => {
	const box = machine();
	box.picture.linear(roi, 1);
	const said = box.play(5000, box.still);
	t.deepEqual(words(said), ['no-roi', 'frozen']);
	t.true(overlap(said.at(-1)!.roi!, roi) > 0.9, JSON.stringify(said.at(-1)!.roi));
	t.is(box.play(1000, box.scan).at(-1)!.scene, 'live');
});

for (const format of ['YUYV', 'UYVY', 'NV12'] as const)
	test(`colour Doppler in ${format} is seen with its first image and held between two heartbeats; then the scan is live again`, (t) => {
		const box = machine({ area }, new DrawnScreen(400, 280, format));
		t.is(box.play(600, box.scan).at(-1)!.scene, 'live');
		let beat = 0;
		const pulse = box.play(3000, (frame) => {
			box.scan(frame);
			// A vessel of 24 x 14 pixels, full of colour for a third of each second.
			flow(box.picture, beat++ % 50 < 17);
		});
		const first = pulse.findIndex(({ repeated }) => !repeated);
		t.true(first < framesAnImage);
		t.deepEqual(words(pulse.slice(first)), ['colour']);
		t.is(pulse[first]!.reason, 'colour Doppler is on');
		flow(box.picture, false);
		t.deepEqual(words(box.play(3000, box.scan)), ['colour', 'live']);
	});

function flow(picture: DrawnScreen, flows: boolean): void {
	const { bytes } = picture.memory;
	const { stride, offset, height, pixelFormat } = picture.frame;
	for (let y = roi.y + 80; y < roi.y + 94; y++)
		for (let x = roi.x + 100; x < roi.x + 124; x += 2) {
			const packed = offset + y * stride + 2 * x + (pixelFormat === 'YUYV' ? 1 : 0);
			const at = pixelFormat === 'NV12' ? offset + stride * (height + (y >> 1)) + x : packed;
			bytes[at] = flows ? 96 : 128;
			bytes[at + (pixelFormat === 'NV12' ? 1 : 2)] = flows ? 214 : 128;
		}
}

test('coloured marks of the machine inside the scan are no colour Doppler', (t) => {
	const box = machine({ area }, new DrawnScreen(400, 280, 'YUYV'));
	const { bytes } = box.picture.memory;
	const { stride, offset } = box.picture.frame;
	// The dot of the probe's side and a mark of focus.
	for (let y = 0; y < 8; y++)
		for (let x = 0; x < 12; x += 2) bytes[offset + (roi.y + 4 + y) * stride + 2 * (roi.x + 6 + x) + 1] = 40;
	t.deepEqual(words(box.play(2000, box.scan)), ['frozen', 'live']);
});
