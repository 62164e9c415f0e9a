import test from 'ava';
import { lumaLayout, type PixelFormat } from '../../../src/capture/frame.ts';
import type { WireFormat } from '../../../src/capture/v4l2/wireFormats.ts';
import { blueJpeg, redJpeg } from '../convert/jpegPictures.ts';
import { fake, opened, pullFrame, pullUntil } from './v4l2Bench.ts';

const shapes: [WireFormat, PixelFormat, number, number][] = [
	['YUYV', 'YUYV', 64 * 2 + 32, 7],
	['UYVY', 'UYVY', 64 * 2 + 32, 7],
	['NV12', 'NV12', 64 + 32, 7],
	['GREY', 'GREY', 64 + 32, 7],
	['BGR3', 'NV12', 64, 7],
	['RGB3', 'NV12', 64, 7],
	['XR24', 'NV12', 64, 7],
	['BGR4', 'NV12', 64, 7],
];
for (const [wire, pixelFormat, stride, luma] of shapes)
	for (const copy of [false, true])
		test.serial(`${wire}${copy ? ', copied' : ''}: rows with gaps become ${pixelFormat} with its luma`, (t) => {
			const { source, memory } = opened(fake({ offered: ['H264', wire], gap: 32, shade: 7 }), { copy });
			const frame = pullFrame(t, source);
			t.deepEqual([frame.width, frame.height, frame.pixelFormat, frame.stride], [64, 32, pixelFormat, stride]);
			t.is(source.mode?.wireFormat, wire);
			t.is(memory.bytes[frame.offset + lumaLayout(pixelFormat).first + 31 * stride], luma);
			source.close();
		});

test.serial('MJPEG: the size that a picture says itself is the frame’s, from picture to picture', (t) => {
	const device = fake({ offered: ['MJPG'], picture: redJpeg });
	const { source, memory } = opened(device);
	const red = { ...pullFrame(t, source) };
	t.deepEqual([red.width, red.height, red.pixelFormat], [64, 32, 'NV12']);
	t.true(Math.abs(memory.bytes[red.offset]! - 108) < 4);
	device.picture = blueJpeg;
	const blue = pullUntil(t, source, ({ kind, frame }) => kind === 'frame' && frame.width !== 64).frame;
	t.deepEqual([blue.width, blue.height, blue.stride], [48, 40, 48]);
	t.true(Math.abs(memory.bytes[blue.offset]! - 73) < 4);
	source.close();
});

test.serial('a header before the frame, as the multi-planar API has it, is not taken for pixels', (t) => {
	for (const copy of [false, true]) {
		const { source, memory } = opened(fake({ planes: 1, dataOffset: 128, shade: 9 }), { copy });
		const { offset, byteLength } = pullFrame(t, source);
		t.deepEqual([memory.bytes[offset], memory.bytes[offset + byteLength - 1]], [9, 9]);
		source.close();
	}
});
