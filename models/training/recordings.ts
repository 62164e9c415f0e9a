// Turns a recording set, real or simulated, into a set for training, in parts; parts that are complete are kept.
//   node --import tsx models/training/recordings.ts SET OUT
// What it writes is what the box would show its network: fresh images of the scan area, through the box's own pixel kernel.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhleboxError } from '../../src/errors.ts';
import { RecordingPlayer } from '../../src/evaluation/recordingPlayer.ts';
import { type Recording, readLabels, readRecordingSet } from '../../src/evaluation/recordingSet.ts';

const size = 128;
const partSize = 25;

function draw(set: string, folder: string, recording: Recording) {
	const { id, kind, subject, side, layout, expected } = recording;
	const labels = readLabels(join(set, recording.labels));
	const player = new RecordingPlayer(join(set, recording.video), { area: recording.roi, size });
	const images: Uint8Array[] = [];
	const rows = ['frame,timeMs,landmark,vein'];
	let frames = 0;
	let lastMs = 0;
	for (const { place, timeMs, view } of player.frames()) {
		frames++;
		if (view.repeated) continue;
		const label = labels[place];
		if (!label) break;
		images.push(player.image().slice());
		rows.push(`${images.length - 1},${timeMs.toFixed(2)},${label.landmark},${label.vein}`);
		lastMs = timeMs;
	}
	if (frames !== labels.length)
		throw new PhleboxError('set-invalid', `recording ${id} has not as many frames as its ${labels.length} labels`);
	writeFileSync(join(folder, `${id}.u8`), Buffer.concat(images));
	writeFileSync(join(folder, `${id}.csv`), `${rows.join('\n')}\n`);
	// A rate that was counted, not known.
	const scannerHz = lastMs === 0 ? 0 : Math.round((10_000 * (images.length - 1)) / lastMs) / 10;
	return { id, kind: kind ?? 'not given', subject, side, layout, images: images.length, scannerHz, expected };
}

function drawSet(set: string, out: string): void {
	const { recordings, name, license } = readRecordingSet(set);
	for (let part = 0; part * partSize < recordings.length; part++) {
		const folder = join(out, `part-${String(part).padStart(3, '0')}`);
		if (existsSync(join(folder, 'index.json'))) continue;
		rmSync(folder, { recursive: true, force: true });
		mkdirSync(folder, { recursive: true });
		const began = Date.now();
		const entries = recordings
			.slice(part * partSize, (part + 1) * partSize)
			.map((recording) => draw(set, folder, recording));
		const index = { source: name, license, recordings: entries };
		writeFileSync(join(folder, 'index.part'), `${JSON.stringify(index, null, '\t')}\n`);
		renameSync(join(folder, 'index.part'), join(folder, 'index.json'));
		const images = entries.reduce((sum, entry) => sum + entry.images, 0);
		const done = Math.min(recordings.length, (part + 1) * partSize);
		console.log(
			`${folder}: ${done} of ${recordings.length} recordings, ${(images / ((Date.now() - began) / 1000)).toFixed(0)} images/s`,
		);
	}
}

const [set, out, ...more] = process.argv.slice(2);
if (!set || !out || more.length > 0) {
	console.error('usage: recordings.ts SET OUT');
	process.exit(2);
}
try {
	drawSet(set, out);
} catch (error) {
	if (!(error instanceof PhleboxError)) throw error;
	console.error(`recordings: ${error.message}`);
	process.exitCode = 1;
}
