import { type ErrorCode, messageOf, PhleboxError } from '../../errors.ts';
import type { InferenceOptions } from '../../inference/options.ts';
import { type DownloadLimits, downloadDefaults } from '../box/download.ts';
import { fetchModel, type Intent } from '../box/fetchModel.ts';
import type { ObjectStore } from '../box/objectStore.ts';
import type { Origin } from '../box/origin.ts';
import type { TrustedList } from '../box/trustedList.ts';
import { targetPath } from '../tuf/modelTargets.ts';
import type { UpdateEvent } from './advance.ts';
import { type GateFigures, type GateLimits, passGate } from './gate.ts';
import { type Journal, modelsToKeep } from './journal.ts';
import type { JournalFile } from './journalFile.ts';

export interface Preparation {
	origin: Origin;
	list: TrustedList;
	store: ObjectStore;
	/** Open. */
	journal: JournalFile;
	gate: GateLimits;
	options?: Partial<InferenceOptions>;
	download?: DownloadLimits;
	now?: () => Date;
	/** Instead of trying the model on this very thread. */
	pass?: (folder: string) => Promise<GateFigures>;
	/** Told how many bytes of the model have come, of how many. */
	progress?: (done: number, total: number) => void;
	/** Takes events in, instead of the journal alone. */
	take?: (event: UpdateEvent) => Journal;
}

export interface Prepared extends GateFigures {
	folder: string;
	sha256: string;
}

/** What says nothing about the model itself: it may be asked for again. */
const passing: readonly ErrorCode[] = ['update-unreachable', 'store-full', 'store-failed', 'runtime-missing'];
/** Of these the model, or what came as it, is to blame, and yet the same hash may pass another day. */
const refusing: readonly ErrorCode[] = ['update-rejected', 'model-invalid', 'model-too-slow'];

/**
 * Brings a wanted model as far as `staged`: fetched, as signed, and through the gate on this device. Each step is in the
 * journal before the next begins; after a power cut the same call goes on from there.
 * @throws PhleboxError what kept it back, once the journal says so; model-quarantined
 */
export async function prepareModel(work: Preparation, intent: Intent, job?: string): Promise<Prepared> {
	const { journal, list, store, origin } = work;
	const now = work.now ?? (() => new Date());
	const take = work.take ?? ((event: UpdateEvent) => journal.take(event, now()));
	const { name, version } = intent;
	const sha256 = list.targets[targetPath(name, version, 'manifest.json')]?.hashes.sha256;
	if (sha256 === undefined)
		throw new PhleboxError(
			'update-rejected',
			`${name} ${version} is not on the list of ${origin.name}; it may be retired`,
		);
	const { candidate } = take({
		event: 'wanted',
		model: { name, version, sha256 },
		...(job === undefined ? {} : { job }),
	});
	if (journal.journal.quarantined.includes(sha256))
		throw new PhleboxError(
			'model-quarantined',
			`${name} ${version} failed on this box before: ${whyOf(journal, sha256)}`,
		);
	// The one that runs is judged by what it does, not by what may be fetched beside it.
	if (candidate && candidate.sha256 !== sha256)
		throw new PhleboxError(
			'update-rejected',
			`${candidate.name} ${candidate.version} is on trial; ask again when that is over`,
		);
	try {
		take({ event: 'download-began' });
		const limits = work.download ?? downloadDefaults;
		const { folder } = await fetchModel(origin, list, store, intent, limits, work.progress);
		take({ event: 'fetched' });
		const figures = work.pass ? await work.pass(folder) : passGate(folder, work.gate, work.options);
		take({ event: 'gate-passed' });
		store.collect(new Set([...modelsToKeep(journal.journal), sha256]));
		return { folder, sha256, ...figures };
	} catch (error) {
		const reason = messageOf(error);
		if (!(error instanceof PhleboxError)) throw error;
		if (passing.includes(error.code)) take({ event: 'fetch-failed', reason });
		else if (refusing.includes(error.code)) take({ event: 'refused', reason });
		else take({ event: 'gate-failed', reason });
		throw error;
	}
}

function whyOf({ journal }: JournalFile, sha256: string): string {
	const why = journal.outcomes.findLast(
		(outcome) => outcome.sha256 === sha256 && !/in quarantine/.test(outcome.reason),
	);
	return why ? `${why.reason} (${why.at})` : 'the reason is older than what is kept';
}
