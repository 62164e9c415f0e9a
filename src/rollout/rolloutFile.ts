import { existsSync, readFileSync, rmSync } from 'node:fs';
import { messageOf, PhleboxError } from '../errors.ts';
import { writeAtomically } from '../update/atomicFile.ts';
import { type Rollout, rolloutSchema } from './rollout.ts';

/** What is asked of a rollout that runs, in a file of its own beside it: the one who runs it alone writes the rollout. */
export type Asked = 'pause' | 'abort';

/** @throws PhleboxError bad-usage */
export function readRollout(file: string): Rollout {
	try {
		return rolloutSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch (cause) {
		const words = `${file} is no rollout: ${messageOf(cause)}; make one with \`phlebox rollout plan\``;
		throw new PhleboxError('bad-usage', words, { cause });
	}
}

/** @throws PhleboxError store-failed */
export function writeRollout(file: string, rollout: Rollout): void {
	writeAtomically(file, `${JSON.stringify(rollout, null, '\t')}\n`);
}

export function ask(file: string, asked: Asked): void {
	writeAtomically(`${file}.ask`, asked);
}

/** What is asked, once. */
export function takeAsked(file: string): Asked | null {
	if (!existsSync(`${file}.ask`)) return null;
	const word = readFileSync(`${file}.ask`, 'utf8');
	rmSync(`${file}.ask`, { force: true });
	return word === 'pause' || word === 'abort' ? word : null;
}
