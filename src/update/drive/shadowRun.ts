import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, PhleboxError } from '../../errors.ts';
import { createShadowFeed } from '../../vision/standby/shadowFeed.ts';
import type { ShadowFigures } from '../../vision/standby/shadowJudge.ts';
import type { Standby } from '../../vision/standby/standby.ts';
import { swapMisfit } from '../../vision/swapMisfit.ts';
import type { ObjectStore } from '../box/objectStore.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { UpdateParts } from './updateParts.ts';

const lookMs = 250;

/**
 * The new model judges live images beside the one that runs, on time that the others leave. Ends with the journal in the
 * state that follows, or as it was when the box stops meanwhile.
 * @throws PhleboxError store-failed; vision-failed: it is to be tried again
 */
export async function runShadow(
	parts: UpdateParts,
	books: Bookkeeper,
	standby: Standby,
	store: ObjectStore,
	signal: AbortSignal,
): Promise<void> {
	const candidate = books.journal.candidate!;
	const { shadowImages, shadowSeconds, shadowDisagreement } = parts.options;
	while (!parts.vision.ready()) if (!(await waited(signal))) return;
	let figures: ShadowFigures | null = null;
	try {
		const { manifest } = await standby.load(store.packageFolder(candidate.sha256));
		const misfit = swapMisfit(parts.vision.manifest(), manifest);
		if (misfit) {
			books.take({ event: 'refused', reason: misfit });
			return;
		}
		const feed = createShadowFeed(manifest.input.width * manifest.input.height);
		await standby.beginShadow(feed, parts.vision.manifest().outputs);
		const end = performance.now() + shadowSeconds * 1000;
		parts.vision.shadow(feed);
		do {
			figures = await standby.shadow();
			if (figures.images >= shadowImages || performance.now() >= end) break;
		} while (await waited(signal));
		parts.vision.shadow(null);
		if (signal.aborted) return;
		figures = await standby.endShadow();
	} catch (error) {
		parts.vision.shadow(null);
		if (signal.aborted) return;
		if (!(error instanceof PhleboxError) || error.code === 'vision-failed') throw error;
		books.take({ event: 'gate-failed', reason: `beside the one that runs: ${messageOf(error)}` }, { ...figures });
		return;
	}
	const differ = figures.landmarkDisagreed + figures.veinDisagreed;
	if (figures.images > 0 && differ / figures.images > shadowDisagreement) {
		const reason = `it differs from the one that runs on ${differ} of ${figures.images} live images`;
		books.take({ event: 'gate-failed', reason }, { ...figures });
		return;
	}
	books.take({ event: 'switch-allowed' }, { ...figures });
}

async function waited(signal: AbortSignal): Promise<boolean> {
	await sleep(lookMs, undefined, { signal }).catch(() => undefined);
	return !signal.aborted;
}
