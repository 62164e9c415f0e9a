import test from 'ava';
import { fingerprintBytes, takeFingerprint } from '../../src/screen/fingerprint.ts';
import { overlap } from '../../src/screen/layoutWatch.ts';
import { screenDefaults } from '../../src/screen/screenOptions.ts';
import { DrawnScreen, hash } from './drawnScreen.ts';
import { area, frameMs, machine, roi, words } from './machine.ts';

for (const [what, draw] of [
	['a blank screen', (picture: DrawnScreen) => picture.fill({ x: 0, y: 0, width: 400, height: 280 }, 0)],
	['a desktop', (picture: DrawnScreen) => desktop(picture)],
	[
		'text on black',
		(picture: DrawnScreen) => {
			picture.fill({ x: 0, y: 0, width: 400, height: 280 }, 0);
			for (let y = 10; y < 270; y += 14) picture.letters(10, y, 46, 230, y);
		},
	],
] as const)
	test(`${what} in the scan area is refused with its first frame, and a scan is accepted again`, (t) => {
		const box = machine({ area });
		box.play(1000, box.scan);
		const said = box.play(600, () => draw(box.picture));
		t.deepEqual(words(said), ['not-ultrasound']);
		t.true(said[0]!.reason.startsWith('the picture is'));
		const again = box.play(1000, box.scan);
		t.deepEqual(
			words(again).filter((word) => word !== 'frozen'),
			['not-ultrasound', 'live'],
		);
	});

function desktop(picture: DrawnScreen): void {
	picture.fill({ x: 0, y: 0, width: 400, height: 280 }, 150);
	picture.fill({ x: 40, y: 30, width: 300, height: 200 }, 235);
	for (let y = 50; y < 220; y += 14) picture.letters(50, y, 30, 20, y);
}

function learnedBars(): Uint8Array {
	const picture = new DrawnScreen(400, 280);
	picture.paint({ x: 0, y: 0, width: 400, height: 280 }, (x) => (x >> 5) * 18 + 2);
	const fingerprint = new Uint8Array(fingerprintBytes);
	takeFingerprint(picture.memory.bytes, picture.frame, fingerprint);
	return fingerprint;
}

for (const [what, draw] of [
	['one grey', (picture: DrawnScreen) => picture.fill({ x: 0, y: 0, width: 400, height: 280 }, 30)],
	[
		'snow',
		(picture: DrawnScreen, frame: number) =>
			picture.paint({ x: 0, y: 0, width: 400, height: 280 }, (x, y) => hash(x, y, frame) * 255),
	],
	[
		'a learned picture',
		(picture: DrawnScreen, frame: number) =>
			picture.paint({ x: 0, y: 0, width: 400, height: 280 }, (x, y) => (x >> 5) * 18 + hash(x, y, frame) * 4),
	],
] as const)
	test(`${what} at full rate is a lost signal, never live, and the scan is live again in its old place`, (t) => {
		const box = machine({ lost: { ...screenDefaults.lost, pictures: [learnedBars()] } });
		const roiBefore = box.play(2500, box.scan).at(-1)!.roi;
		const said = box.play(1200, (frame) => draw(box.picture, frame));
		t.false(said.some(({ scene }) => scene === 'live'));
		const first = said.findIndex(({ lost }) => lost);
		t.true(
			first * frameMs <= screenDefaults.lost.afterMs + 2 * screenDefaults.lost.everyMs,
			`after ${first * frameMs} ms`,
		);
		t.true(said.slice(first).every(({ lost, repeated }) => lost && repeated));
		box.picture.fill({ x: 0, y: 0, width: 400, height: 280 }, 0);
		box.picture.machine(roi);
		const again = box.play(1500, box.scan);
		t.false(again.at(-1)!.lost);
		t.is(again.at(-1)!.scene, 'live');
		t.true(overlap(again.at(-1)!.roi!, roiBefore!) > 0.95);
	});

test('a report page and a menu over the scan are not live', (t) => {
	for (const draw of [
		(picture: DrawnScreen) => {
			picture.fill({ x: 0, y: 0, width: 400, height: 280 }, 40);
			for (let y = 20; y < 260; y += 16) picture.letters(20, y, 44, 210, y);
		},
		(picture: DrawnScreen) => {
			picture.fill({ x: roi.x + 40, y: roi.y + 20, width: 120, height: 110 }, 90);
			for (let y = roi.y + 28; y < roi.y + 120; y += 14) picture.letters(roi.x + 48, y, 12, 230, y);
		},
	]) {
		const box = machine();
		box.play(2500, box.scan);
		const said = box.play(1500, (frame) => {
			box.scan(frame);
			draw(box.picture);
		});
		t.false(
			said.slice(2).some(({ scene }) => scene === 'live'),
			said.at(-1)!.reason,
		);
	}
});
