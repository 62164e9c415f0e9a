import { join } from 'node:path';
import { PhleboxError } from '../../errors.ts';
import { LevelStore } from './levelStore.ts';
import { storeFault } from './storeFault.ts';

/**
 * Puts back among the pending what was set aside in the store of a box that does not run; it is sent at the next start.
 * @param folder that of the outbox
 * @param ids of messages; null for all
 * @returns how many
 * @throws PhleboxError store-failed, also when the box runs; bad-usage for an id that was not set aside
 */
export async function resendAside(folder: string, ids: readonly string[] | null): Promise<number> {
	const store = new LevelStore(join(folder, 'level'), (line) => console.error(line));
	try {
		await store.open();
		const aside = await store.readAside();
		const unknown = ids?.find((id) => !aside.some((entry) => entry.id === id));
		if (unknown !== undefined) throw new PhleboxError('bad-usage', `no message ${unknown} was set aside`);
		let count = 0;
		for (const { id, seq } of aside) if (!ids || ids.includes(id)) count += (await store.bringBack(seq)) ? 1 : 0;
		return count;
	} catch (error) {
		throw storeFault(error, folder);
	} finally {
		await store.close();
	}
}
