import { inflateSync } from 'node:zlib';

/** Pixels of a grey PNG without filters. */
export function decodePng(png: Buffer): { width: number; height: number; pixels: Buffer } {
	const width = png.readUInt32BE(16);
	const height = png.readUInt32BE(20);
	const at = png.indexOf('IDAT');
	const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
	const pixels = Buffer.concat(
		Array.from({ length: height }, (_, y) => rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1))),
	);
	return { width, height, pixels };
}
