import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Health } from '../messages/health.ts';

/**
 * State and traffic of every interface but loopback, from Linux's sysfs (Documentation/ABI/testing/sysfs-class-net).
 * systeminformation's networkStats starts a shell for the same files.
 */
export async function networkFigures(folder = '/sys/class/net'): Promise<NonNullable<Health['network']>> {
	const names = (await readdir(folder)).filter((name) => name !== 'lo').sort();
	return Promise.all(
		names.map(async (name) => {
			const read = async (file: string) => (await readFile(join(folder, name, file), 'utf8')).trim();
			const [state, received, sent] = await Promise.all(
				['operstate', 'statistics/rx_bytes', 'statistics/tx_bytes'].map(read),
			);
			return { name, up: state === 'up', receivedBytes: Number(received), sentBytes: Number(sent) };
		}),
	);
}
