import type { Manifest } from '../inference/package/manifest.ts';

/** Why a model cannot take another's place while the box runs, though it may at another start; null when it can. */
export function swapMisfit(from: Manifest, { name, version, input, outputs, protocol }: Manifest): string | null {
	const words = (what: string) => `${name} ${version} ${what}; it can be taken at the next start only`;
	if (input.width !== from.input.width || input.height !== from.input.height)
		return words('looks at another size of image');
	if (protocol.join() !== from.protocol.join()) return words('examines other sites');
	const same = outputs.landmark.labels.join() === from.outputs.landmark.labels.join();
	return same ? null : words('knows other landmarks');
}
