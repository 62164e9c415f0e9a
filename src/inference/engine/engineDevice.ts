import { readdirSync, readFileSync } from 'node:fs';

/**
 * The device that an engine is built for: the board as its device tree names it and its L4T release, or the GPUs and the
 * version of NVIDIA's driver. Empty where nothing says so.
 * @param root folder in which `/` is looked for
 */
export function engineDevice(root = ''): string {
	const gpus = `${root}/proc/driver/nvidia/gpus`;
	const cards = list(gpus).map((card) => /^Model:\s*(.+)$/m.exec(read(`${gpus}/${card}/information`))?.[1] ?? card);
	return [
		read(`${root}/proc/device-tree/model`),
		firstLine(`${root}/etc/nv_tegra_release`),
		...cards,
		firstLine(`${root}/proc/driver/nvidia/version`),
	]
		.map((text) => text.replaceAll('\0', '').trim())
		.filter((text) => text !== '')
		.join('; ');
}

function list(folder: string): string[] {
	try {
		return readdirSync(folder).sort();
	} catch {
		return [];
	}
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

function firstLine(file: string): string {
	return read(file).split('\n', 1)[0]!;
}
