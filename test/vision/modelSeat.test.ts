import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createFrameMemory, type FrameMemory } from '../../src/capture/frameMemory.ts';
import { monotonicMs } from '../../src/clock.ts';
import { PhleboxError } from '../../src/errors.ts';
import { endExamination } from '../../src/exam/command.ts';
import { type Protocol, protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam } from '../../src/exam/state.ts';
import type { SessionHandle } from '../../src/inference/onnxRuntime/session.ts';
import type { Manifest } from '../../src/inference/package/manifest.ts';
import { loadModelPackage } from '../../src/inference/package/modelPackage.ts';
import { ReferenceKernel } from '../../src/inference/referenceKernel.ts';
import { BoardWriter } from '../../src/vision/boardWriter.ts';
import { VisionLoop } from '../../src/vision/loop.ts';
import { ModelSeat } from '../../src/vision/modelSeat.ts';
import { Preview } from '../../src/vision/preview.ts';
import { createShadowFeed, ShadowWriter } from '../../src/vision/standby/shadowFeed.ts';
import { Standby } from '../../src/vision/standby/standby.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';
import { changeManifest, makeTinyPackage, paint, tinyGreys } from '../inference/tinyPackage.ts';
import { breakingPackage, contraryPackage } from './breakingModel.ts';
import { Script } from './fakes.ts';

const { landmark, vein } = tinyGreys;
const protocolOf = ({ thresholds, protocol }: Manifest): Protocol => ({
	...protocolDefaults,
	sites: protocol,
	thresholds,
});

const standby = new Standby({});
test.after.always(() => standby.stop());

/** The real loop, seat and networks, and the standby thread; camera, screen and lights are played. */
class Bench {
	readonly memory: FrameMemory = createFrameMemory(1, 65_536);
	readonly board = new StatusBoard(['sfj', 'fv']);
	readonly standby = standby;
	readonly script = new Script(
		Array.from({ length: 400 }, () => ({})),
		monotonicMs() - 20_000,
	);
	readonly loop: VisionLoop;
	readonly seat: ModelSeat;
	readonly image: Float32Array;
	readonly reverted: string[] = [];
	readonly freed: SessionHandle[] = [];

	constructor(t: ExecutionContext, isFull = false) {
		const { memory, script, board } = this;
		const imageOffset = memory.reserve(4 * 128 * 128);
		this.image = new Float32Array(memory.memory.buffer, imageOffset, 128 * 128);
		const { model, manifest } = loadModelPackage(makeTinyPackage(), memory, {}, imageOffset);
		this.seat = new ModelSeat({
			...{ memory, imageOffset, model, manifest, protocolOf },
			reverted: ({ model }, reason, freed) => {
				this.reverted.push(`${model.version}: ${reason}`);
				this.freed.push(freed);
			},
		});
		const { protocol } = this.seat;
		this.loop = new VisionLoop(
			{
				...{ source: script, screen: script, model, lights: script, board: new BoardWriter(board) },
				preview: new Preview(memory, new ReferenceKernel(memory), board, 0),
				exam: createExam(protocol),
				spare: createExam(protocol),
				record: () => undefined,
				modelFailed: (error, nowMs) => this.seat.revert((error as Error).message, nowMs),
			},
			100,
		);
		this.seat.attach(this.loop);
		if (isFull) fill(memory);
		t.teardown(() => this.seat.close());
	}

	show(above: number, below: number, times = 1): void {
		const image = paint(above, below);
		for (let at = 0; at < image.length; at++) this.image[at] = image[at]! / 255;
		for (let turn = 0; turn < times; turn++) this.loop.turn();
	}

	async swapTo(folder: string) {
		await this.standby.load(folder);
		const { result, freed } = this.seat.swap(await this.standby.offer());
		if (freed) this.freed.push(freed);
		return result;
	}
}

/** Takes all that is left of the work area. */
function fill(memory: FrameMemory): void {
	try {
		for (;;) memory.reserve(4096);
	} catch {
		// Now it is.
	}
}

const seen = ({ loop }: Bench) => `${loop.observation.landmark} ${loop.observation.vein}`;

test.serial('another network answers from the next frame on, and the old one is handed out to be freed', async (t) => {
	const bench = new Bench(t);
	bench.show(landmark.none, vein.none, 2);
	const result = await bench.swapTo(contraryPackage());
	t.true(result.taken);
	t.is(bench.board.guidance, 'searching', 'nothing has been written between two turns but the light');
	t.is(bench.script.shown.at(-1)?.guidance, 'dont-know', 'until the new one has seen an image');
	bench.show(landmark.sfj, vein.open);
	t.is(seen(bench), 'fv open');
	const old = bench.seat.keep();
	t.truthy(old);
	await bench.standby.free(old!);
	bench.show(landmark.fv, vein.open);
	t.is(seen(bench), 'sfj open');
	t.is(bench.seat.keep(), null, 'it is handed out once');
});

test.serial('its thresholds and its memory are its own: nothing of the old one goes on', async (t) => {
	const bench = new Bench(t);
	bench.show(landmark.none, vein.none, 3);
	const folder = makeTinyPackage();
	changeManifest(folder, (manifest) => {
		manifest.version = '2.0.0';
		manifest.thresholds.landmark = 0.93;
	});
	t.true((await bench.swapTo(folder)).taken);
	t.is(bench.seat.protocol.thresholds.landmark, 0.93);
	t.is(bench.loop.exam.protocol.thresholds.landmark, 0.93);
	bench.show(landmark.sfj, vein.open);
	t.is(bench.loop.answer === null, false);
	t.is(bench.loop.exam.protocol.thresholds.landmark, 0.93, 'in the turns after it too');
});

test.serial(
	'no network is swapped in an examination; the light goes on, and afterwards the same offer is taken',
	async (t) => {
		const bench = new Bench(t);
		bench.show(landmark.sfj, vein.open, 8);
		t.is(bench.loop.exam.phase, 'running');
		const shown = bench.script.shown.length;
		await bench.standby.load(contraryPackage());
		const offer = await bench.standby.offer();
		const { result } = bench.seat.swap(offer);
		t.deepEqual(result, { taken: false, busy: true, reason: 'an examination runs', lost: false });
		t.is(bench.script.shown.length, shown);
		bench.show(landmark.sfj, vein.open);
		t.is(seen(bench), 'sfj open');
		t.is(bench.board.guidance, 'press');
		bench.loop.command(endExamination);
		t.true(bench.seat.swap(offer).result.taken);
		t.is(bench.loop.exam.phase, 'over', 'a landmark that is still in view begins no new one');
		bench.show(landmark.fv, vein.open);
		t.is(seen(bench), 'sfj open');
	},
);

test.serial('a network that breaks at an image: that frame is seen by nobody, the next one by the old', async (t) => {
	const bench = new Bench(t);
	bench.show(landmark.none, vein.none, 2);
	t.true((await bench.swapTo(breakingPackage())).taken);
	bench.show(landmark.sfj, vein.open, 8);
	t.is(bench.board.guidance, 'press');
	bench.show(1, vein.open);
	t.is(bench.board.guidance, 'dont-know');
	t.is(seen(bench), 'none none');
	t.is(bench.loop.exam.phase, 'running', 'the examination goes on');
	t.is(bench.reverted.length, 1);
	t.regex(bench.reverted[0]!, /^1\.0\.0: model tiny 2\.0\.0 gave a value that is no number/);
	bench.show(landmark.sfj, vein.open, 3);
	t.is(seen(bench), 'sfj open');
	t.is(bench.board.guidance, 'press');
	await bench.standby.free(bench.freed[0]!);
});

test.serial('a pass that the broken network has judged does not count', async (t) => {
	const bench = new Bench(t);
	bench.show(landmark.none, vein.none, 2);
	t.true((await bench.swapTo(breakingPackage())).taken);
	bench.show(landmark.sfj, vein.open, 8);
	bench.show(1, vein.open);
	bench.show(landmark.sfj, vein.closed, 12);
	t.not(bench.board.guidance, 'captured');
	t.not(bench.board.siteOutcome(0), 'captured');
});

test.serial('without an old network a broken one is no longer hidden', async (t) => {
	const bench = new Bench(t);
	bench.show(landmark.none, vein.none, 2);
	t.true((await bench.swapTo(breakingPackage())).taken);
	const old = bench.seat.keep();
	t.throws(() => bench.show(1, vein.open), { message: /no number/ });
	await bench.standby.free(old!);
});

/** Each step at which a swap can fail, and how. */
const failures: Record<string, { reason: RegExp; make(): string; isFull?: boolean }> = {
	'a file that was damaged': {
		reason: /sha256|not the file/,
		make() {
			const folder = makeTinyPackage();
			writeFileSync(join(folder, 'model.onnx'), 'damaged');
			return folder;
		},
	},
	'a folder that is gone': { reason: /is no folder/, make: () => '/nowhere' },
	'golden images that come out otherwise': {
		reason: /golden image/,
		make() {
			const folder = makeTinyPackage();
			changeManifest(folder, (manifest) => {
				manifest.outputs.landmark.temperature = 9;
			});
			return folder;
		},
	},
	'other sites': {
		reason: /examines other sites; it can be taken at the next start only/,
		make() {
			const folder = makeTinyPackage();
			changeManifest(folder, (manifest) => {
				manifest.protocol = ['sfj'];
			});
			return folder;
		},
	},
	'no room for its tensors': { reason: /work area/, make: makeTinyPackage, isFull: true },
};

for (const [name, { reason, make, isFull }] of Object.entries(failures))
	test.serial(`a swap that fails keeps the old network and the light: ${name}`, async (t) => {
		const bench = new Bench(t, isFull);
		bench.show(landmark.none, vein.none, 2);
		const shown = bench.script.shown.length;
		const result = await bench.swapTo(make()).catch((error: unknown) => {
			t.true(error instanceof PhleboxError);
			return { taken: false as const, reason: (error as Error).message };
		});
		t.false(result.taken);
		if (!result.taken) t.regex(result.reason, reason);
		t.is(bench.script.shown.length, shown, 'the light was not touched');
		bench.show(landmark.sfj, vein.open, 2);
		t.is(seen(bench), 'sfj open');
		t.is(bench.board.guidance, 'press');
	});

test.serial('the shadow counts on which images the new network is not of one mind with the old', async (t) => {
	const bench = new Bench(t);
	const { manifest } = await bench.standby.load(contraryPackage());
	const feed = createShadowFeed(bench.image.length);
	bench.loop.shadow = new ShadowWriter(feed, bench.image);
	await bench.standby.beginShadow(feed, manifest.outputs);
	const all = [
		[landmark.none, vein.none],
		[landmark.sfj, vein.open],
		[landmark.fv, vein.open],
		[landmark.none, vein.none],
	] as const;
	for (const [above, below] of all) bench.show(above, below);
	while ((await bench.standby.shadow()).images < all.length) await new Promise((resolve) => setTimeout(resolve, 5));
	const figures = await bench.standby.endShadow();
	t.is(figures.landmarkDisagreed, 2);
	t.is(figures.veinDisagreed, 0);
	t.is(figures.passedOver, 0);
});

test.serial('a network that breaks in the shadow is found there; the one that runs goes on', async (t) => {
	const bench = new Bench(t);
	const { manifest } = await bench.standby.load(breakingPackage());
	const feed = createShadowFeed(bench.image.length);
	bench.loop.shadow = new ShadowWriter(feed, bench.image);
	await bench.standby.beginShadow(feed, manifest.outputs);
	bench.show(1, vein.open, 2);
	await t.throwsAsync(
		async () => {
			for (;;) {
				await bench.standby.shadow();
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
		},
		{ message: /no number/ },
	);
	t.is(seen(bench), 'sfj open');
});

test.serial('images that nobody takes are passed over, not waited for', (t) => {
	const bench = new Bench(t);
	const feed = createShadowFeed(bench.image.length);
	bench.loop.shadow = new ShadowWriter(feed, bench.image);
	bench.show(landmark.sfj, vein.open, 20);
	t.is(new Int32Array(feed)[0], 8);
	t.is(new Int32Array(feed)[2], 12);
});
