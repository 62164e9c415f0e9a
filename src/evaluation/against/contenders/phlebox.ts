import { readFileSync, rmSync } from 'node:fs';
import { assemble } from '../../../vision/assemble.ts';
import { sitesOf } from '../../../vision/protocol.ts';
import { StatusBoard } from '../../../vision/statusBoard.ts';
import { fakeLed } from '../../bench.ts';
import { MemorySource } from '../../memorySource.ts';
import { type Runner, serve } from '../serve.ts';
import type { Spec } from '../spec.ts';

/** The box's whole way: it judges the screen, runs the network, advances the exam, shows the light, leaves the status. */
function phlebox({ config, frame, frames, roi }: Spec): Runner {
	const led = fakeLed();
	const file = readFileSync(frames);
	const fill = (slot: number, bytes: Uint8Array) =>
		bytes.set(file.subarray(slot * bytes.length, (slot + 1) * bytes.length));
	const board = new StatusBoard(sitesOf(config));
	const { loop, image, ready, close } = assemble({
		config: {
			...config,
			screen: { ...config.screen, roi: [roi.x, roi.y, roi.width, roi.height] },
			indicator: { ...config.indicator, leds: [{ red: led.red, green: led.green, blue: led.blue, brightness: 100 }] },
		},
		...{ board, exam: null, record: () => undefined },
		source: new MemorySource(frame, Number.MAX_SAFE_INTEGER, fill),
	});
	let before = Number.NaN;
	return {
		about: `${ready.model.name} ${ready.model.version} on ${ready.model.provider}`,
		frame() {
			before = loop.observation.timeMs;
			const images = board.get('images');
			loop.turn();
			// A pause that the machine makes is taken for a scan that stands, for two frames.
			return loop.answer !== null && board.get('images') === images + 1;
		},
		input: () => image,
		answer: () => [...loop.answer!.landmarkProbabilities, ...loop.answer!.veinProbabilities],
		interval: () => loop.observation.timeMs - before,
		// The first live image is the first that its network sees.
		reset: () => undefined,
		close() {
			close();
			rmSync(led.folder, { recursive: true });
		},
	};
}

await serve(phlebox);
