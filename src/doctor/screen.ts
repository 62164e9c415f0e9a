import type { Frame } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { SimdKernel } from '../inference/simdKernel.ts';
import { cellsOf, readNoSignalPictures } from '../screen/noSignalPictures.ts';
import type { Scene } from '../screen/scene.ts';
import { type SceneResult, Screen } from '../screen/screen.ts';
import { screenDefaults } from '../screen/screenOptions.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const check = 'screen';
/** Pixels of the image by which the scan area is judged; networks have about that. */
const size = 128;

const anotherCamera =
	'show a running B-mode scan and ask again; if one is shown, give its place in screen.roi; if this is another camera, name the right one in capture.v4l2.device';
const todos: Record<Exclude<Scene, 'live'>, string> = {
	frozen: 'press freeze at the ultrasound machine, and ask again',
	colour: 'switch colour Doppler off at the ultrasound machine',
	dual: 'show one picture at the ultrasound machine, or give the scan area of one of the two in screen.roi',
	'not-ultrasound': anotherCamera,
	'layout-changed': anotherCamera,
	'no-roi': anotherCamera,
};

/** What the box would see on the screen, frame by frame. */
export class ScreenWatch {
	readonly #screen: Screen;
	/** What is wrong with the pictures that were learned. */
	readonly #unreadable: string;
	#last: SceneResult | null = null;

	/** @throws PhleboxError roi-invalid */
	constructor({ screen, store }: Config, memory: FrameMemory) {
		let pictures: Uint8Array[] = [];
		let unreadable = '';
		try {
			pictures = readNoSignalPictures(store.folder).map(cellsOf);
		} catch (error) {
			unreadable = messageOf(error);
		}
		this.#unreadable = unreadable;
		const area = screen.roi === 'auto' ? null : screen.roi;
		const input = memory.reserve(size * size * 4);
		const options = { ...screenDefaults, area, lost: { ...screenDefaults.lost, pictures } };
		this.#screen = new Screen(options, memory, new SimdKernel(memory), size, size, input);
	}

	look(frame: Frame): void {
		this.#last = this.#screen.look(frame);
	}

	findings(): Finding[] {
		const [says, todo] = this.#unreadable.split('; ', 2);
		return [
			...(this.#last ? [findingOf(this.#last)] : []),
			...(says ? [warn(check, says, todo ?? 'remove it, and learn the picture again')] : []),
		];
	}
}

function findingOf({ scene, reason, roi, lost }: SceneResult): Finding {
	if (lost)
		return fail(
			check,
			`no signal: ${reason}`,
			'switch the ultrasound machine on and its video output, and look at the cable',
		);
	const place = roi ? ` in [${roi.x}, ${roi.y}, ${roi.width}, ${roi.height}]` : '';
	if (scene === 'live') return ok(check, `a running scan${place}`);
	return warn(check, `no running scan: ${scene}, ${reason}${place}`, todos[scene]);
}
