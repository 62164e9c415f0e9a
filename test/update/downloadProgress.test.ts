import test from 'ava';
import { DownloadProgress } from '../../src/update/drive/downloadProgress.ts';

test('a download is told by its bytes: in steps worth a message, no two within a second, and never its end', (t) => {
	const progress = new DownloadProgress(10, 50, 0);
	const told: (readonly [second: number, percent: number])[] = [];
	for (let ms = 0; ms <= 20_000; ms += 100) {
		const percent = progress.at(ms * 1000, 20_000_000, ms);
		if (percent !== null) told.push([ms / 1000, percent]);
	}
	t.deepEqual(told, [
		[2.5, 15],
		[5, 20],
		[7.5, 25],
		[10, 30],
		[12.5, 35],
		[15, 40],
		[17.5, 45],
	]);
	const fast = new DownloadProgress(10, 50, 0);
	t.deepEqual(
		[fast.at(50, 100, 999), fast.at(50, 100, 1000), fast.at(90, 100, 1500), fast.at(90, 100, 2000)],
		[null, 30, null, 46],
	);
	t.is(new DownloadProgress(10, 50, 0).at(0, 0, 5000), null);
});
