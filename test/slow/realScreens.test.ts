import test from 'ava';
import { overlap } from '../../src/screen/layoutWatch.ts';
import { marked, readGroin, readPicture, realFiles, whyNot } from '../screen/realPictures.ts';
import { showPicture } from '../screen/realPlayer.ts';

/** A finding is right that overlaps the marked area by so much (intersection over union). */
const right = 0.6;

function isMissing(t: { log(line: string): void; pass(): void; fail(line: string): void }): boolean {
	const missing = whyNot();
	if (missing === '') return false;
	t.log(missing);
	if (process.env.CI === 'true') t.fail(missing);
	else t.pass();
	return true;
}

function find(file: string, frames: number) {
	const picture = readPicture(file, frames);
	const { roi, scene, reason } = showPicture(picture);
	const [x, y, width, height] = marked[picture.name]!;
	return { name: picture.name, scene, reason, share: roi ? overlap(roi, { x, y, width, height }) : 0 };
}

test('the scan area is found on at least nine of ten real screens, and none is refused', (t) => {
	if (isMissing(t)) return;
	const found = realFiles('screens').map((file) => find(file, 1));
	for (const { name, share, scene } of found) t.log(`${share.toFixed(2)} ${scene} ${name}`);
	t.is(found.length, 10);
	t.true(found.filter(({ share }) => share >= right).length >= 9);
	t.deepEqual(
		found.filter(({ scene }) => scene !== 'frozen').map(({ name, reason }) => `${name}: ${reason}`),
		[],
	);
});

test('the scan area is found on every real clip, and each is live', (t) => {
	if (isMissing(t)) return;
	const found = realFiles('clips').map((file) => find(file, 40));
	for (const { name, share, scene, reason } of found) t.log(`${share.toFixed(2)} ${scene} ${reason} ${name}`);
	t.is(found.length, 5);
	t.true(found.every(({ share }) => share >= right));
	t.true(found.every(({ scene }) => scene === 'live'));
});

test('of the real pictures of the groin at most 3% are refused', (t) => {
	if (isMissing(t)) return;
	const refused: string[] = [];
	const groin = readGroin();
	for (const { picture, roi } of groin) {
		const { scene, reason } = showPicture(picture, { area: [roi.x, roi.y, roi.width, roi.height] });
		if (scene !== 'frozen') refused.push(`${picture.name}: ${reason}`);
	}
	t.log(`${refused.length} of ${groin.length} refused`, ...refused);
	t.true(groin.length > 250);
	t.true(refused.length <= 0.03 * groin.length);
});
