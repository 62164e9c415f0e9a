import test from 'ava';
import { JpegConverter, jpegRoom } from '../../../src/capture/convert/jpegConverter.ts';
import { JpegDecoder } from '../../../src/capture/convert/jpegDecoder.ts';
import { createFrameMemory } from '../../../src/capture/frameMemory.ts';
import { blueJpeg, greyJpeg, redJpeg, withoutTables } from './jpegPictures.ts';

const memory = createFrameMemory(2, 65_536);
const from = memory.slotOffset(0);
const to = memory.slotOffset(1);

function convert(converter: JpegConverter, picture: Uint8Array): boolean {
	memory.bytes.set(picture, from);
	return converter.convert(from, picture.length, to);
}

const pictures: [string, Uint8Array, [number, number], [number, number, number]][] = [
	['a red picture', redJpeg, [64, 32], [108, 85, 211]],
	['a red picture without Huffman tables', withoutTables(redJpeg), [64, 32], [108, 85, 211]],
	['a red picture with zeros behind it', Buffer.concat([redJpeg, Buffer.alloc(3000)]), [64, 32], [108, 85, 211]],
	['a blue picture of another size', blueJpeg, [48, 40], [73, 212, 98]],
];
for (const [name, picture, size, [luma, blue, red]] of pictures)
	test.serial(`${name} becomes a frame of its own size with its luma and colour`, (t) => {
		const converter = new JpegConverter(memory);
		t.true(convert(converter, picture));
		t.deepEqual([converter.width, converter.height], size);
		const out = memory.bytes.subarray(to, to + converter.byteLength);
		const chroma = converter.stride * converter.height + 8;
		for (const [place, wanted] of [
			[0, luma],
			[converter.stride * converter.height - 1, luma],
			[chroma, blue],
			[chroma + 1, red],
		] as const)
			t.true(Math.abs(out[place]! - wanted) <= 4, `${out[place]} at ${place}, ${wanted} wanted`);
	});

test.serial('a grey picture becomes a frame without colour', (t) => {
	const converter = new JpegConverter(memory);
	t.true(convert(converter, greyJpeg));
	const row = memory.bytes.subarray(to, to + 64);
	t.true(row[0]! < 30 && row[63]! > 225 && row[32]! > row[16]!, `${row}`);
	t.true(memory.bytes.subarray(to + 64 * 32, to + converter.byteLength).every((chroma) => chroma === 128));
});

test.serial('a damaged picture gives no frame, and the next whole one does', (t) => {
	const converter = new JpegConverter(memory);
	const damaged = [redJpeg.subarray(0, 400), new Uint8Array(600).fill(7), new Uint8Array(1), redJpeg.subarray(0, 20)];
	for (const picture of damaged) {
		t.false(convert(converter, picture), `${picture.length} bytes`);
		t.true(convert(converter, redJpeg));
	}
});

test.serial('thousands of damaged pictures do not break the decoder', (t) => {
	const converter = new JpegConverter(memory);
	const damaged = redJpeg.subarray(0, 400);
	for (let i = 0; i < 6000; i++) if (convert(converter, damaged)) t.fail(`picture ${i} was taken`);
	t.true(convert(converter, redJpeg));
});

test.serial('a picture that no slot holds is refused before it is decoded', (t) => {
	const room = jpegRoom(64, 32);
	const decoder = new JpegDecoder();
	t.is(
		decoder.decode(redJpeg, (width, height) => jpegRoom(width, height) < room),
		undefined,
	);
	t.is(decoder.decode(redJpeg, (width, height) => jpegRoom(width, height) <= room)?.length, 3 * 64 * 32);
});
