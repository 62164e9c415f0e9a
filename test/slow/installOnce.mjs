// Drives an update to its end in a process that may be killed at any system call. Arguments: the box's folder, the
// repository's folder. Prints how it ended.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { updateSchema } from '../../dist/config/updateSection.js';
import { readManifest } from '../../dist/inference/package/packageFile.js';
import { updateFolder } from '../../dist/update/drive/updateFolder.js';
import { Updater } from '../../dist/update/drive/updater.js';
import { passGate } from '../../dist/update/install/gate.js';
import { JournalFile } from '../../dist/update/install/journalFile.js';

const [folder, source, shipped] = process.argv.slice(2);
const quick = { jitterMinutes: 0, retryMinutes: 0.01, shadowImages: 0, probationSeconds: 0.01 };
const updater = new Updater({
	storeFolder: folder,
	options: updateSchema.parse({ source, trust: join(source, 'metadata/1.root.json'), model: 'tiny 1.1.0', ...quick }),
	inference: {},
	sites: null,
	vision: {
		ready: () => true,
		examining: () => false,
		counts: () => ({ frames: 0, misses: 0 }),
		manifest: () => readManifest(shipped),
		swap: async () => ({ taken: true, model: {}, tookMs: 0 }),
		keepModel: () => undefined,
		revertModel: () => undefined,
		shadow: () => undefined,
	},
	event: () => undefined,
	job: () => undefined,
	trouble: () => undefined,
	log: { info: () => undefined, warn: () => undefined },
	now: () => new Date('2026-05-04T03:02:01Z'),
	gate: async (at) => passGate(at, { latencyMs: 60_000, images: 1, leakImages: 0, leakMiB: 24, sites: null }),
});
updater.start();
const path = updateFolder(folder).journal;
const journal = () => {
	const file = new JournalFile(path);
	file.open();
	return file.journal;
};
for (let tries = 0; tries < 6000; tries++) {
	await sleep(10);
	if (!existsSync(path)) continue;
	const { current, candidate, outcomes } = journal();
	if (candidate || outcomes.length === 0) continue;
	console.log(`${outcomes.at(-1).result} ${current?.version ?? ''}`);
	break;
}
await updater.stop();
