import test from 'ava';
import type { Frame } from '../../src/capture/frame.ts';
import type { FrameMemory } from '../../src/capture/frameMemory.ts';
import type { FrameSource, Pull } from '../../src/capture/frameSource.ts';
import { constants } from '../../src/capture/v4l2/ioctls.ts';
import { V4l2Source } from '../../src/capture/v4l2/v4l2Source.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { checkCapture } from '../../src/doctor/capture.ts';
import { checkClock } from '../../src/doctor/clock.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkService } from '../../src/doctor/service.ts';
import { fingerprintBytes, takeFingerprint } from '../../src/screen/fingerprint.ts';
import { writeNoSignalPictures } from '../../src/screen/noSignalPictures.ts';
import { FakeDevice } from '../capture/v4l2/fakeDevice.ts';
import { faults } from '../faults/table.ts';
import { DrawnScreen, hash } from '../screen/drawnScreen.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';

const patience = { framesMs: 900, screenMs: 300 };
const options = { reopenMs: 30, stuckMs: 600, firstFrameMs: 600, queryMs: 30, staleMs: 40 };
const hdmi = { width: 64, height: 32, clock: 1e6 };

function config(store = '/nowhere/store'): Config {
	const wanted = loadConfig(null, {});
	wanted.store.folder = store;
	return wanted;
}

/** What the doctor finds at a capture device that does this. */
const device = (fields: Partial<FakeDevice>) => (): Finding[] =>
	checkCapture(config(), patience, new V4l2Source(options, Object.assign(new FakeDevice(), fields)));

const whole = { x: 0, y: 0, width: 400, height: 280 };
const roi = { x: 60, y: 40, width: 292, height: 180 };
const half = { ...roi, width: 140 };
const otherHalf = { ...half, x: 212 };
const bars = (screen: DrawnScreen) => screen.paint(whole, (x) => 16 + (x >> 5) * 16);

/** A screen, 50 frames a second by its own clock, copied into the memory that the doctor opens it with. */
class DrawnSource implements FrameSource {
	readonly name = 'drawn';
	readonly #screen: DrawnScreen;
	readonly #draw: (screen: DrawnScreen, frame: number) => void;
	#memory!: FrameMemory;
	#frames = 0;

	constructor(draw: (screen: DrawnScreen, frame: number) => void) {
		this.#screen = new DrawnScreen(400, 280, 'YUYV');
		this.#screen.machine(roi);
		this.#draw = draw;
	}

	open(memory: FrameMemory): void {
		this.#memory = memory;
	}

	next(): Pull {
		this.#draw(this.#screen, this.#frames);
		const from = this.#screen.at(1000 + 20 * this.#frames++);
		const offset = this.#memory.slotOffset(0);
		this.#memory.bytes.set(this.#screen.memory.bytes.subarray(from.offset, from.offset + from.byteLength), offset);
		const frame: Frame = { ...from, offset };
		return { kind: 'frame', frame, signal: 'ok', detail: '' };
	}

	close(): void {}
}

/** What the doctor finds where that is on the screen; dual pictures are those of a configured area. */
const drawn =
	(draw: (screen: DrawnScreen, frame: number) => void, area: Config['screen']['roi'] = [60, 40, 292, 180]) =>
	(store?: string): Finding[] => {
		const wanted = config(store);
		wanted.screen.roi = area;
		return checkCapture(wanted, { framesMs: 10_000, screenMs: 4000 }, new DrawnSource(draw));
	};

function flow(screen: DrawnScreen): void {
	const { bytes } = screen.memory;
	const { offset, stride } = screen.frame;
	for (let y = 120; y < 140; y++)
		for (let x = 160; x < 200; x += 2) {
			bytes[offset + y * stride + 2 * x + 1] = 96;
			bytes[offset + y * stride + 2 * x + 3] = 214;
		}
}

const service = (state: Record<string, string>) => () => [checkService(() => ({ LoadState: 'loaded', ...state }))];
const gone = device({ errno: { open: 'ENOENT' } });

/** How each row of the table that can stand while the doctor looks is made to. */
const standing: Record<string, (store?: string) => Finding[]> = {
	'no-device': gone,
	unplug: gone,
	'unplug-10': gone,
	'unplug-pressing': gone,
	'unplug-green': gone,
	disconnect: device({ errno: { QUERYCAP: 'ENODEV' } }),
	'cable-out': device({ mode: hdmi, power: false, errno: { QUERY_DV_TIMINGS: 'ENOLINK' } }),
	'no-lock': device({ mode: hdmi, power: true, errno: { QUERY_DV_TIMINGS: 'ENOLCK' } }),
	'out-of-range': device({ mode: hdmi, power: true, errno: { QUERY_DV_TIMINGS: 'ERANGE' } }),
	interlaced: device({ mode: { ...hdmi, interlaced: true } }),
	'dropped-30': device({ fps: 40, step: 2 }),
	stalled: device({ fps: 0 }),
	reqbufs: device({ errno: { REQBUFS: 'ENOMEM' } }),
	streamon: device({ errno: { STREAMON: 'EIO' } }),
	qbuf: device({ errno: { QBUF: 'EIO' } }),
	fatal: device({ errno: { DQBUF: 'EIO' } }),
	taken: device({ errno: { REQBUFS: 'EBUSY' } }),
	'sequence-stands': device({ step: 0 }),
	'damaged-only': device({ flags: constants.BUF_FLAG_ERROR }),
	'jpeg-damaged': device({ offered: ['MJPG'], picture: new Uint8Array(500).fill(7) }),
	'clock-back': () => [checkClock(Date.now() - 3_600_000, false)],
	killed: service({ ActiveState: 'activating', NRestarts: '7' }),
	hung: service({ ActiveState: 'active', NRestarts: '0', StatusText: 'no turn of the vision loop' }),
	webcam: drawn((screen, frame) => screen.paint(whole, (x, y) => 120 + 60 * Math.sin((x + y + frame) / 40)), 'auto'),
	noise: drawn((screen, frame) => screen.paint(whole, (x, y) => hash(x, y, frame) * 255)),
	'no-signal-picture': drawn(bars),
	frozen: drawn((screen) => screen.linear(roi, 1)),
	dual: drawn((screen, frame) => {
		screen.linear(half, frame >> 1);
		screen.linear(otherHalf, 1);
	}),
	colour: drawn((screen, frame) => {
		screen.linear(roi, frame >> 1);
		flow(screen);
	}),
};

for (const { id, fault, doctor } of faults)
	if (doctor !== '')
		test(`${id}: ${fault}: the doctor says so, and what to do`, async (t) => {
			let store: string | undefined;
			if (id === 'no-signal-picture') {
				store = temporaryFolder(t);
				const screen = new DrawnScreen(400, 280);
				bars(screen);
				const cells = new Uint8Array(fingerprintBytes);
				takeFingerprint(screen.memory.bytes, screen.frame, cells);
				const picture = { learned: new Date().toISOString(), width: 400, height: 280 };
				await writeNoSignalPictures(store, [{ ...picture, cells: Buffer.from(cells).toString('base64') }]);
			}
			const findings = standing[id]!(store);
			const found = findings.find(({ state, says }) => state !== 'ok' && new RegExp(doctor).test(says));
			t.truthy(found, JSON.stringify(findings));
			t.regex(found?.todo ?? '', /\w{3}/);
		});

test('with nothing wrong the doctor finds a running scan', (t) => {
	const findings = drawn((screen, frame) => screen.linear(roi, frame >> 1))();
	t.deepEqual(
		findings.map(({ check, state }) => [check, state]),
		[
			['capture', 'ok'],
			['screen', 'ok'],
		],
		JSON.stringify(findings),
	);
});

test('each row that can stand is made to, and no other', (t) => {
	t.deepEqual(
		Object.keys(standing).sort(),
		faults
			.filter(({ doctor }) => doctor !== '')
			.map(({ id }) => id)
			.sort(),
	);
});
