import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { type UpdateOptions, updateSchema } from '../../src/config/updateSection.ts';
import { readManifest } from '../../src/inference/package/packageFile.ts';
import type { JobNews } from '../../src/update/drive/jobProgress.ts';
import { updateFolder } from '../../src/update/drive/updateFolder.ts';
import type { UpdateParts, UpdateVision } from '../../src/update/drive/updateParts.ts';
import { Updater } from '../../src/update/drive/updater.ts';
import { passGate } from '../../src/update/install/gate.ts';
import type { Journal } from '../../src/update/install/journal.ts';
import { JournalFile } from '../../src/update/install/journalFile.ts';
import type { ModelOffer, SwapResult } from '../../src/vision/modelOffer.ts';
import { makeTinyPackage } from '../inference/tinyPackage.ts';
import { start, type World } from '../update/world.ts';

/** Shipped with the box of these tests. */
const shipped = makeTinyPackage();

/** A vision thread as the updater sees it, without one. */
export class FakeVision implements UpdateVision {
	running = 'shipped';
	before: string | null = null;
	busy = false;
	runs = true;
	frames = 1000;
	misses = 0;
	/** Instead of taking an offer. */
	refusal: SwapResult | null = null;
	/** Told of each swap, a moment after it. */
	swapped: () => void = () => undefined;
	/** What was done, in order. */
	readonly log: string[] = [];

	ready(): boolean {
		return this.runs;
	}

	examining(): boolean {
		return this.busy;
	}

	counts() {
		return { frames: this.frames, misses: this.misses };
	}

	manifest() {
		return readManifest(shipped);
	}

	swap({ manifest: { name, version } }: ModelOffer): Promise<SwapResult> {
		if (this.busy) return Promise.resolve({ taken: false, busy: true, reason: 'an examination runs', lost: false });
		if (this.refusal) return Promise.resolve(this.refusal);
		this.before = this.running;
		this.running = version;
		this.log.push(`swapped to ${version}`);
		this.swapped();
		return Promise.resolve({
			taken: true,
			model: { name, version, sha256: '', provider: 'cpu' },
			providersRefused: [],
			tookMs: 0,
		});
	}

	keepModel(): void {
		this.before = null;
		this.log.push(`kept ${this.running}`);
	}

	revertModel(): void {
		if (this.before) this.running = this.before;
		this.before = null;
		this.log.push(`back to ${this.running}`);
	}

	shadow(): void {}
}

/** A box of one of `World`'s, whose updater runs; may be stopped and started anew on the same disk. */
export class DrivenBox {
	readonly vision = new FakeVision();
	readonly jobs: JobNews[] = [];
	readonly events: Record<string, unknown>[] = [];
	trouble: string | null = null;
	options: UpdateOptions;
	parts: Partial<UpdateParts> = {};
	onSwap: () => void = () => undefined;
	clock = start;
	updater!: Updater;
	readonly #world: World;

	constructor(t: ExecutionContext, world: World, options: Partial<UpdateOptions> = {}) {
		this.#world = world;
		const trust = join(world.repository.folder, 'metadata/1.root.json');
		const quick = { jitterMinutes: 0, retryMinutes: 0.01, shadowImages: 0, probationSeconds: 0.05, latencyMs: 1000 };
		this.options = updateSchema.parse({ source: world.url, trust, ...quick, ...options });
		t.teardown(() => this.updater?.stop());
	}

	/** A process begins: what was only in memory is gone, and the vision thread has the model that was committed. */
	start(): this {
		this.vision.before = null;
		this.vision.swapped = () => setTimeout(() => this.onSwap(), 20);
		this.vision.running = this.journal.current?.version ?? 'shipped';
		this.updater = new Updater({
			storeFolder: this.#world.folder,
			options: this.options,
			inference: {},
			sites: null,
			vision: this.vision,
			event: (details) => this.events.push(details),
			job: (news) => this.jobs.push(news),
			trouble: (reason) => {
				this.trouble = reason;
			},
			log: { info: () => undefined, warn: () => undefined },
			now: () => this.clock,
			gate: async (folder) =>
				passGate(folder, { latencyMs: 60_000, images: 3, leakImages: 0, leakMiB: 24, sites: null }),
			...this.parts,
		});
		this.updater.start();
		return this;
	}

	get journal(): Journal {
		const file = new JournalFile(updateFolder(this.#world.folder).journal);
		file.open();
		return file.journal;
	}

	write(journal: Journal): void {
		const { journal: path } = updateFolder(this.#world.folder);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, JSON.stringify(journal));
	}

	job(version: string, id = `job-${version}`): void {
		const model = { name: 'tiny', version };
		const notAfter = new Date(start.getTime() + 3_600_000).toISOString();
		this.updater.take({ schema: 1, id, operation: 'install-model', model, notAfter });
	}

	async until(holds: () => boolean): Promise<void> {
		const deadline = Date.now() + 90_000;
		while (!holds()) {
			if (Date.now() > deadline)
				throw new Error(`waited in vain: ${JSON.stringify([this.journal, this.events.at(-1), this.trouble])}`);
			await sleep(10);
		}
	}

	/** The last update has ended so. */
	ended(result: string): Promise<void> {
		return this.until(() => this.journal.candidate === null && this.journal.outcomes.at(-1)?.result === result);
	}

	get reason(): string {
		return this.journal.outcomes.at(-1)?.reason ?? '';
	}
}
