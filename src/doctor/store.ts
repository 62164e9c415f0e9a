import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'store';
const plentyBytes = 200 * 2 ** 20;
const leastBytes = 20 * 2 ** 20;

/** Whether results can be kept: the folder, or the one it will be made in, can be written and has room. */
export function checkStore({ store }: Config): Finding {
	const folder = resolve(store.folder);
	let there = folder;
	while (!existsSync(there)) there = dirname(there);
	try {
		accessSync(there, constants.W_OK | constants.X_OK);
		const { bavail, bsize } = statfsSync(there);
		const free = bavail * bsize;
		const says = `${folder}: ${(free / 2 ** 20).toFixed(0)} MiB free`;
		if (free < leastBytes) return fail(check, says, 'make room on the disk: results could not be kept');
		return free < plentyBytes ? warn(check, says, 'make room on the disk') : ok(check, says);
	} catch (error) {
		return fail(check, messageOf(error), 'give a folder in store.folder that the user of the service may write to');
	}
}
