import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { Binding } from '../binding.ts';
import { framesOf, greyOf } from '../greyOf.ts';
import { type Runner, serve } from '../serve.ts';
import type { Spec } from '../spec.ts';

/**
 * sharp (libvips) for the pixels, onnxruntime-node for the network. YUYV is unknown to sharp, so that its brightness is taken
 * out beforehand; GREY it cuts out itself. Its kernel `linear` comes nearest to an area average.
 */
async function sharpWay(spec: Spec): Promise<Runner> {
	const frames = framesOf(readFileSync(spec.frames), spec.count);
	const { frame, roi, input } = spec;
	sharp.concurrency(1);
	const network = await Binding.open(spec);
	const area = (bytes: Uint8Array) =>
		frame.pixelFormat === 'GREY'
			? sharp(bytes, { raw: { width: frame.width, height: frame.height, channels: 1 } }).extract({
					...{ left: roi.x, top: roi.y, width: roi.width, height: roi.height },
				})
			: sharp(greyOf(bytes, spec), { raw: { width: roi.width, height: roi.height, channels: 1 } });
	return {
		about: `sharp ${sharp.versions.sharp}, onnxruntime-node`,
		async frame(place, intervalMs) {
			const small = await area(frames[place]!)
				.resize(input.width, input.height, { fit: 'fill', kernel: 'linear' })
				.toColourspace('b-w')
				.raw()
				.toBuffer();
			const image = new Float32Array(small.length);
			for (let i = 0; i < small.length; i++) image[i] = small[i]! / 255;
			await network.run(image, intervalMs);
			return true;
		},
		input: () => network.image,
		answer: () => network.answer(),
		reset: () => network.reset(),
	};
}

await serve(sharpWay);
