import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { installedModel } from '../../src/update/drive/installed.ts';
import { updateFolder } from '../../src/update/drive/updateFolder.ts';
import { stages } from '../../src/update/install/journal.ts';
import { World } from '../update/world.ts';
import { DrivenBox } from './drivenBox.ts';

test.serial('what the configuration wants is fetched, tried, switched to and kept', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	const box = new DrivenBox(t, world, { model: 'tiny 1.1.0' }).start();
	await box.ended('committed');
	await box.until(() => box.vision.log.length === 2);
	t.deepEqual(box.vision.log, ['swapped to 1.1.0', 'kept 1.1.0']);
	t.is(box.journal.current?.version, '1.1.0');
	const steps = box.events.map(({ step }) => step);
	for (const stage of stages) t.true(steps.includes(stage), stage);
	t.is(box.trouble, null);
	const folder = installedModel(world.folder);
	t.is(folder, join(updateFolder(world.folder).models, 'packages', box.journal.current!.sha256));
});

test.serial('a job tells each step with its percent, and is not begun twice', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	const box = new DrivenBox(t, world, { checkHours: 1000 }).start();
	box.job('1.1.0', 'a');
	box.job('1.1.0', 'a');
	await box.ended('committed');
	t.deepEqual(
		box.jobs.map(({ job, status, percent, step }) => [job, status, percent, step]),
		[
			['a', 'QUEUED', 0, 'queued'],
			['a', 'QUEUED', 0, 'queued'],
			['a', 'IN_PROGRESS', 10, 'downloading'],
			['a', 'IN_PROGRESS', 50, 'verified'],
			['a', 'IN_PROGRESS', 60, 'staged'],
			['a', 'IN_PROGRESS', 80, 'waiting-idle'],
			['a', 'IN_PROGRESS', 90, 'trial'],
			['a', 'SUCCEEDED', 100, 'committed'],
		],
	);
	box.job('1.1.0', 'a');
	t.is(box.jobs.length, 9, 'it came again');
	t.is(box.jobs.at(-1)?.status, 'SUCCEEDED');
	box.job('1.1.0', 'b');
	await box.until(() => box.jobs.some(({ job, status }) => job === 'b' && status === 'SUCCEEDED'));
	t.is(box.jobs.at(-1)?.reason, 'it runs already');
});

test.serial('a job tells how far a slow download has come, by its bytes', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	world.server.misbehave = (path, response) => {
		if (!/golden.*u8$/.test(path)) return false;
		const bytes = world.file(path);
		response.writeHead(200, { 'content-length': bytes.length });
		let at = 0;
		const timer = setInterval(() => {
			const next = Math.min(bytes.length, at + Math.ceil(bytes.length / 5));
			response.write(bytes.subarray(at, next));
			at = next;
			if (at < bytes.length) return;
			clearInterval(timer);
			response.end();
		}, 1200);
		return true;
	};
	const box = new DrivenBox(t, world, { checkHours: 1000 }).start();
	box.job('1.1.0', 'a');
	await box.ended('committed');
	const percents = box.jobs.filter(({ step }) => step === 'downloading').map(({ percent }) => percent);
	t.true(percents.length >= 3, percents.join(' '));
	t.deepEqual(
		percents,
		[...new Set(percents)].sort((a, b) => a - b),
	);
	t.true(
		percents.every((percent) => percent >= 10 && percent < 50),
		percents.join(' '),
	);
});

test.serial('a job for what is on no list is rejected, and one that comes too late is not begun', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world).start();
	box.job('7.0.0', 'a');
	await box.until(() => box.jobs.at(-1)?.status === 'REJECTED');
	t.regex(box.jobs.at(-1)!.reason, /is not on the list/);
	box.clock = new Date(box.clock.getTime() + 2 * 3_600_000);
	box.job('1.0.0', 'b');
	t.is(box.jobs.at(-1)?.status, 'TIMED_OUT');
});

test.serial('while an examination runs nothing is switched', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world);
	box.vision.busy = true;
	box.start();
	box.job('1.0.0');
	await box.until(() => box.journal.candidate?.stage === 'waiting-idle');
	await new Promise((resolve) => setTimeout(resolve, 400));
	t.is(box.vision.running, 'shipped');
	box.vision.busy = false;
	await box.ended('committed');
	t.is(box.vision.running, '1.0.0');
});

test.serial('a model that breaks on probation is taken back for good, and the next good one installs', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	const box = new DrivenBox(t, world, { probationSeconds: 60 }).start();
	box.job('1.0.0');
	await box.until(() => box.vision.running === '1.0.0');
	box.updater.failed('model tiny 1.0.0 gave a value that is no number');
	await box.ended('rolled-back');
	t.is(box.vision.running, 'shipped');
	t.regex(box.reason, /no number/);
	t.is(box.jobs.at(-1)?.status, 'FAILED');
	t.regex(box.trouble!, /tiny 1\.0\.0 rolled-back: .*no number/);
	box.job('1.0.0', 'again');
	await box.until(() => box.jobs.at(-1)?.job === 'again' && box.jobs.at(-1)?.status === 'REJECTED');
	t.is(box.vision.running, 'shipped');
	await box.updater.stop();
	box.options = { ...box.options, probationSeconds: 0.05 };
	box.start();
	box.job('1.1.0');
	await box.ended('committed');
	t.is(box.trouble, null);
});

test.serial('a model under which frames come late is taken back', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world, { probationSeconds: 60 }).start();
	box.job('1.0.0');
	await box.until(() => box.vision.running === '1.0.0');
	await new Promise((resolve) => setTimeout(resolve, 50));
	box.vision.frames += 200;
	box.vision.misses += 60;
	await box.ended('rolled-back');
	t.is(box.reason, '30 % of the frames came late with it, 0 % before');
	t.is(box.vision.running, 'shipped');
});

test.serial('a swap that is refused, with the reason of the vision thread', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world);
	box.vision.refusal = { taken: false, busy: false, reason: 'no room for its tensors', lost: false };
	box.start();
	box.job('1.0.0');
	await box.ended('rolled-back');
	t.is(box.reason, 'no room for its tensors');
});

test.serial('a link that breaks is tried again, and the journal says queued meanwhile', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world);
	await world.server.stop();
	box.start();
	box.job('1.0.0');
	await box.until(() => box.trouble !== null);
	t.is(box.vision.running, 'shipped');
	t.not(box.jobs.at(-1)?.status, 'REJECTED');
	box.options = { ...box.options, source: await world.server.start() };
	await box.updater.stop();
	box.start();
	box.job('1.0.0');
	await box.ended('committed');
});

test.serial(
	'power cut in each state: the old model runs at the next start, and the update comes to its end',
	async (t) => {
		const world = await World.make(t);
		const first = new DrivenBox(t, world).start();
		first.job('1.0.0');
		await first.ended('committed');
		await first.updater.stop();
		world.publish('1.1.0');
		const seen = new DrivenBox(t, world).start();
		seen.job('1.1.0');
		await seen.until(() => seen.journal.current?.version === '1.1.0');
		await seen.updater.stop();
		const whole = seen.journal;
		for (const stage of stages) {
			const { current, previous } = whole;
			const candidate = { ...current!, stage, starts: stage === 'trial' ? 1 : 0, job: 'cut' };
			const box = new DrivenBox(t, world);
			box.write({ ...whole, current: previous, previous: null, candidate, outcomes: [] });
			box.start();
			t.is(box.vision.running, '1.0.0', `${stage}: at the start`);
			await box.ended('committed');
			await box.until(() => box.jobs.at(-1)?.status === 'SUCCEEDED');
			t.is(box.vision.running, '1.1.0', stage);
			await box.updater.stop();
			t.deepEqual(readdirSync(join(updateFolder(world.folder).models, 'packages')).length, 2, 'nothing is left behind');
		}
	},
);

test.serial('power cuts in the trial over and over: it is taken back, and not begun again', async (t) => {
	const world = await World.make(t);
	const first = new DrivenBox(t, world).start();
	first.job('1.0.0');
	await first.ended('committed');
	await first.updater.stop();
	const candidate = { ...first.journal.current!, stage: 'trial' as const, starts: 2, job: 'cut' };
	const box = new DrivenBox(t, world);
	box.write({ ...first.journal, current: null, candidate, outcomes: [] });
	box.start();
	await box.ended('rolled-back');
	t.regex(box.reason, /2 starts without coming through/);
	t.deepEqual(box.vision.log, []);
	t.is(box.jobs.at(-1)?.status, 'FAILED');
});

test.serial('a stop in order in the trial is no fault of the model', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world, { probationSeconds: 60 }).start();
	box.job('1.0.0');
	for (let times = 0; times < 4; times++) {
		await box.until(() => box.vision.running === '1.0.0' && box.journal.candidate?.starts === 1);
		await box.updater.stop();
		t.is(box.journal.candidate?.starts, 0);
		box.start();
	}
	t.is(box.journal.candidate?.stage, 'trial');
});

test.serial('a model that fails its gate is quarantined, and said to be', async (t) => {
	const world = await World.make(t);
	const box = new DrivenBox(t, world);
	box.parts = {
		gate: () => Promise.reject(new PhleboxError('runtime-failed', 'the process that tried it ended with SIGSEGV')),
	};
	box.start();
	box.job('1.0.0');
	await box.ended('rejected');
	t.is(box.journal.quarantined.length, 1);
	t.is(box.jobs.at(-1)?.reason, 'the process that tried it ended with SIGSEGV');
});

test.serial('the committed model cannot be loaded any more: back to the one before', async (t) => {
	const world = await World.make(t);
	world.publish('1.1.0');
	const box = new DrivenBox(t, world).start();
	for (const version of ['1.0.0', '1.1.0']) {
		box.job(version);
		await box.until(() => box.journal.current?.version === version);
	}
	t.true(box.updater.currentFailed('its golden images come out otherwise'));
	t.is(box.journal.current?.version, '1.0.0');
	t.true(box.updater.currentFailed('this one too'));
	t.is(box.journal.current, null);
	t.false(box.updater.currentFailed('and the shipped one'));
});
