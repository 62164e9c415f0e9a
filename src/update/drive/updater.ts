import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, messageOf, PhleboxError } from '../../errors.ts';
import type { SessionHandle } from '../../inference/onnxRuntime/session.ts';
import type { Job } from '../../telemetry/messages/job.ts';
import { Standby } from '../../vision/standby/standby.ts';
import type { Intent } from '../box/fetchModel.ts';
import { ObjectStore, storeDefaults } from '../box/objectStore.ts';
import { originAt } from '../box/origin.ts';
import { TrustedMetadata } from '../box/trustedList.ts';
import { nextStep, type UpdateEvent } from '../install/advance.ts';
import { leakDefaults } from '../install/gate.ts';
import { modelsToKeep } from '../install/journal.ts';
import { prepareModel } from '../install/prepare.ts';
import { targetPath } from '../tuf/modelTargets.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { DownloadProgress } from './downloadProgress.ts';
import { passGateApart } from './gateChild.ts';
import { downloadPercents, jobAtEnd, jobAtStage } from './jobProgress.ts';
import { runShadow } from './shadowRun.ts';
import { Trial } from './trial.ts';
import { updateFolder } from './updateFolder.ts';
import type { UpdateParts } from './updateParts.ts';

/** The gate's own deadline, milliseconds. */
const gateDeadlineMs = 120_000;
const gateImages = 20;
/** A timer knows no longer time than some 24 days. */
const longestSleepMs = 86_400_000;

/**
 * Drives a model from wanted to committed, or back. It does what the journal says is next and nothing else, so that after
 * a power cut it goes on from there; the vision thread runs the old model until the very switch.
 *
 * Nothing here throws once it is started: what goes wrong is in the journal, in the audit trail and an alert.
 */
export class Updater {
	readonly #parts: UpdateParts;
	readonly #books: Bookkeeper;
	readonly #standby: Standby;
	readonly #trial: Trial;
	readonly #store: ObjectStore;
	readonly #stopping = new AbortController();
	#wake = new AbortController();
	#turns: Promise<void> = Promise.resolve();
	/** Wanted by the configuration. */
	#wanted: Intent | null;
	/** The job to be begun next. */
	#job: Job | null = null;
	/** When the repository is asked next, on the monotonic clock. */
	#checkMs = 0;
	#hurried = false;
	/** What kept the last check from ending well. */
	#trouble = '';

	constructor(parts: UpdateParts) {
		this.#parts = parts;
		this.#books = new Bookkeeper(parts);
		this.#standby = new Standby(parts.inference);
		this.#trial = new Trial(parts, this.#books, this.#standby, this.#stopping.signal);
		const { quotaMiB, model } = parts.options;
		const limits = { ...storeDefaults, maxBytes: quotaMiB * 2 ** 20 };
		this.#store = new ObjectStore(updateFolder(parts.storeFolder).models, limits);
		this.#wanted = intentOf(model);
	}

	start(): void {
		this.#turns = this.#run();
	}

	/** A trial that runs is begun anew at the next start. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		this.#wake.abort();
		await this.#standby.stop();
		await this.#turns;
		this.#trial.stopped();
	}

	/** The configuration wants another model, by name and version. */
	want(model: string): void {
		const wanted = intentOf(model);
		if (wanted?.name === this.#wanted?.name && wanted?.version === this.#wanted?.version) return;
		this.#wanted = wanted;
		this.#hurry();
	}

	/** A job came over MQTT; the same may come again. */
	take(job: Job): void {
		const { candidate } = this.#books.journal;
		const { id, model } = job;
		if (this.#job?.id === id || this.#toldAnew(job)) return;
		const say = (status: 'QUEUED' | 'REJECTED' | 'TIMED_OUT', reason: string) =>
			this.#parts.job({ job: id, status, percent: status === 'QUEUED' ? 0 : 100, step: 'queued', reason, model });
		if (Date.parse(job.notAfter) < this.#now().getTime()) {
			say('TIMED_OUT', `it came after ${job.notAfter}`);
			return;
		}
		if (candidate && candidate.stage !== 'queued') {
			say('REJECTED', `${candidate.name} ${candidate.version} is being tried; ask again after it`);
			return;
		}
		this.#job = job;
		say('QUEUED', '');
		this.#hurry();
	}

	/** Another model than the one that was found good may run. */
	get trying(): boolean {
		return this.#books.journal.candidate !== null;
	}

	/** The vision thread broke, or went back to the old model by itself. */
	failed(reason: string): void {
		this.#trial.failed(reason);
	}

	/** A network that the vision thread has no use for any more. */
	free(handle: SessionHandle): void {
		if (this.#stopping.signal.aborted) return;
		this.#standby.free(handle).catch((error: unknown) => this.#parts.log.warn(messageOf(error)));
	}

	/** The committed model cannot be loaded. @returns whether there is another to start with */
	currentFailed(reason: string): boolean {
		const { current } = this.#books.journal;
		if (!current) return false;
		try {
			this.#books.take({ event: 'current-failed', reason });
		} catch (error) {
			this.#parts.log.warn(messageOf(error));
			return false;
		}
		return true;
	}

	/** A job that was begun before. @returns whether there is such a one */
	#toldAnew({ id, model: { name, version } }: Job): boolean {
		const { candidate, outcomes } = this.#books.journal;
		const model = { name, version };
		const outcome = outcomes.findLast(({ job }) => job === id);
		if (candidate?.job === id) this.#parts.job(jobAtStage(id, model, candidate.stage));
		else if (outcome) this.#parts.job(jobAtEnd(id, model, outcome.result, outcome.reason));
		else return false;
		return true;
	}

	async #run(): Promise<void> {
		try {
			this.#books.file.open();
			this.#store.open();
		} catch (error) {
			// Which models are in quarantine is not guessed: without a journal nothing is installed.
			this.#parts.trouble(messageOf(error));
			return;
		}
		if (!this.#hurried) this.#checkMs = performance.now() + (this.#books.journal.candidate ? 0 : this.#jitterMs());
		while (!this.#stopping.signal.aborted) {
			this.#hurried = false;
			this.#wake = new AbortController();
			const pause = await this.#step().catch((error: unknown) => {
				this.#say(messageOf(error));
				return this.#retryMs();
			});
			if (!this.#hurried) await sleep(pause, undefined, { signal: this.#wake.signal }).catch(() => undefined);
		}
	}

	/** @returns how long there is nothing to do, milliseconds */
	async #step(): Promise<number> {
		switch (nextStep(this.#books.journal)) {
			case 'gate':
			case 'download':
			case 'nothing': {
				const leftMs = this.#checkMs - performance.now();
				if (leftMs > 0) return Math.min(leftMs, longestSleepMs);
				await this.#check();
				return 0;
			}
			case 'allow-switch':
				await runShadow(this.#parts, this.#books, this.#standby, this.#store, this.#stopping.signal);
				return 0;
			case 'switch-when-idle':
				await this.#trial.whenIdle();
				if (!this.#stopping.signal.aborted) this.#books.take({ event: 'idle' });
				return 0;
			case 'watch':
				await this.#trial.run(this.#store);
				if (!this.#books.journal.candidate) this.#store.collect(modelsToKeep(this.#books.journal));
				return 0;
		}
	}

	/** Asks the repository, and brings what is wanted as far as the switch. */
	async #check(): Promise<void> {
		this.#checkMs = performance.now() + this.#parts.options.checkHours * 3_600_000 + this.#jitterMs();
		const { source, trust, latencyMs, memoryMiB } = this.#parts.options;
		const { candidate } = this.#books.journal;
		const job = this.#job;
		const intent = job?.model ?? candidate ?? this.#wanted;
		try {
			const origin = originAt(source);
			const paths = updateFolder(this.#parts.storeFolder);
			const trusted = new TrustedMetadata(paths.metadata, readTrust(trust));
			const list = await trusted.refresh(origin, this.#now());
			if (!intent) {
				this.#say('');
				return;
			}
			const { name, version } = intent;
			const sha256 = list.targets[targetPath(name, version, 'manifest.json')]?.hashes.sha256;
			if (sha256 !== undefined && sha256 === this.#books.journal.current?.sha256) {
				if (job) this.#parts.job(done(job));
				this.#job = null;
				this.#say('');
				return;
			}
			// Said once; a job that asks for it is told each time.
			if (!job && sha256 !== undefined && this.#books.journal.quarantined.includes(sha256))
				throw new PhleboxError('model-quarantined', `${name} ${version} failed on this box before`);
			const limits = { latencyMs, images: gateImages, ...leakDefaults, sites: this.#parts.sites };
			const gate = (folder: string) =>
				passGateApart({ folder, limits, options: this.#parts.inference }, { memoryMiB, deadlineMs: gateDeadlineMs });
			const store = this.#store;
			let figures: object | undefined;
			const progress = new DownloadProgress(downloadPercents.from, downloadPercents.to, performance.now());
			const work = {
				...{ origin, list, store, journal: this.#books.file, gate: limits, options: this.#parts.inference },
				now: () => this.#now(),
				progress: (done: number, total: number) => {
					const percent = progress.at(done, total, performance.now());
					if (percent !== null) this.#books.downloaded(percent);
				},
				pass: async (folder: string) => {
					await this.#parts.prepare?.(folder);
					const passed = await (this.#parts.gate ?? gate)(folder);
					figures = { ...passed, list: list.versions.targets, signedBy: list.signedBy };
					return passed;
				},
				take: (event: UpdateEvent) =>
					this.#books.take(event, event.event === 'gate-passed' ? { ...figures } : undefined),
			};
			await prepareModel(work, exact(intent), job?.id);
			this.#job = null;
			this.#say('');
		} catch (error) {
			const code: ErrorCode | null = error instanceof PhleboxError ? error.code : null;
			const again = code === null || soon.includes(code);
			if (job && !again) {
				// What the journal has not told of ends here.
				if (!this.#books.journal.outcomes.some((outcome) => outcome.job === job.id))
					this.#parts.job(refusal(job, error));
				this.#job = null;
			}
			if (again) this.#checkMs = performance.now() + this.#retryMs();
			this.#say(messageOf(error));
		}
	}

	/** Once for each reason, not for each try. */
	#say(trouble: string): void {
		if (trouble !== this.#trouble) {
			if (trouble) this.#parts.log.warn({ update: trouble }, 'updates');
			this.#parts.event({ step: trouble ? 'check-failed' : 'checked', reason: trouble });
			if (trouble) this.#parts.trouble(trouble);
		}
		this.#trouble = trouble;
	}

	#hurry(): void {
		this.#hurried = true;
		this.#checkMs = performance.now();
		this.#wake.abort();
	}

	#jitterMs(): number {
		return (this.#parts.random ?? Math.random)() * this.#parts.options.jitterMinutes * 60_000;
	}

	#retryMs(): number {
		return this.#parts.options.retryMinutes * 60_000;
	}

	#now(): Date {
		return this.#parts.now?.() ?? new Date();
	}
}

/** What says nothing about the model: it is tried again before the next check is due. */
const soon: readonly ErrorCode[] = ['update-unreachable', 'store-full', 'store-failed', 'update-expired'];

function intentOf(model: string): Intent | null {
	const [name, version] = model.split(' ');
	return name && version ? { name, version } : null;
}

const exact = ({ name, version, sha256 }: Intent): Intent => ({
	...{ name, version },
	...(sha256 === undefined ? {} : { sha256 }),
});

function done({ id, model }: Job) {
	const { name, version } = model;
	const model_ = { name, version };
	return {
		job: id,
		status: 'SUCCEEDED' as const,
		percent: 100,
		step: 'committed',
		reason: 'it runs already',
		model: model_,
	};
}

function refusal({ id, model: { name, version } }: Job, error: unknown) {
	const reason = messageOf(error);
	return { job: id, status: 'REJECTED' as const, percent: 100, step: 'rejected', reason, model: { name, version } };
}

/** @throws PhleboxError file-not-found */
function readTrust(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (cause) {
		throw new PhleboxError('file-not-found', `update.trust: ${file || 'no file'} cannot be read: ${messageOf(cause)}`, {
			cause,
		});
	}
}
