import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import type { Birth } from '../messages/birth.ts';

export type HostFacts = Pick<Birth, 'hardware' | 'system'>;

/**
 * What the machine says of itself: the device tree on ARM boards, DMI on others, /etc/os-release, and NVIDIA's release
 * file. Empty where it does not say.
 * @param root folder in which `/` is looked for
 */
export async function hostFacts(root = ''): Promise<HostFacts> {
	const first = async (...files: string[]) => {
		for (const file of files) {
			const text = await readFile(`${root}${file}`, 'utf8').catch(() => '');
			// Strings of the device tree end in a zero byte.
			const line = text.replaceAll('\0', '').trim();
			if (line !== '') return line;
		}
		return '';
	};
	const [maker, model, serial, release_, tegra] = await Promise.all([
		first('/sys/class/dmi/id/sys_vendor'),
		first('/proc/device-tree/model', '/sys/class/dmi/id/product_name'),
		first('/proc/device-tree/serial-number', '/sys/class/dmi/id/product_serial'),
		first('/etc/os-release'),
		first('/etc/nv_tegra_release'),
	]);
	return {
		hardware: { maker, model, serial },
		system: {
			os: /^PRETTY_NAME="?([^"\n]*)/m.exec(release_)?.[1] ?? '',
			l4t: l4tRelease(tegra),
			kernel: release(),
			architecture: process.arch,
			node: process.versions.node,
		},
	};
}

/** `# R36 (release), REVISION: 4.3, GCID: ...` is L4T 36.4.3. Empty for anything else. */
function l4tRelease(text: string): string {
	const found = /R(\d+) \(release\), REVISION: ([\d.]+)/.exec(text);
	return found ? `${found[1]}.${found[2]}` : '';
}
