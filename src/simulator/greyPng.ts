import { crc32, deflateSync } from 'node:zlib';

/** A PNG file of a grey picture, one byte a pixel (PNG specification, W3C, second edition). */
export function greyPng(pixels: Uint8Array, width: number, height: number): Buffer {
	const rows = Buffer.alloc((width + 1) * height);
	for (let row = 0; row < height; row++)
		rows.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header[8] = 8;
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(rows)),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

function chunk(type: string, data: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const size = Buffer.alloc(4);
	size.writeUInt32BE(data.length, 0);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(named), 0);
	return Buffer.concat([size, named, check]);
}
