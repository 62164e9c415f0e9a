import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCalls } from '../../src/capture/libc.ts';
import { constants, ioctls, offsets, structBytes } from '../../src/capture/v4l2/ioctls.ts';
import { until } from './check.ts';
import { type HdmiCard, type Timing, timings } from './hdmiCard.ts';

/** How a fault of the table is made, and unmade. */
export interface Hands {
	cause(): Promise<void> | void;
	/** A fault of one moment is made again until the box has told it. */
	again?(): void;
	mend(): Promise<void> | void;
	/** What has to hold while it lasts. */
	during?(): Promise<void>;
}

/** What the hands need to see of the box. */
export interface Sight {
	/** Frames of a height come. */
	rows(height: number): Promise<void>;
	/** So many frames more come, with signal ok. */
	framesMore(count: number): Promise<void>;
}

const heights: Partial<Record<Timing, number>> = {
	'640x480p60': 480,
	'800x600p60': 600,
	'1024x768p60': 768,
	'720p60': 720,
	'1280x800p60': 800,
	'1280x960p60': 960,
	'1680x1050p60': 1050,
	'1080p60': 1080,
};

/** Asks for buffers as another program would: the driver then gives none to anybody else. */
class OtherProgram {
	#descriptor = -1;

	async take(device: string): Promise<void> {
		const request = new Uint8Array(structBytes.requestbuffers);
		const view = new DataView(request.buffer);
		await until('a moment in which the device is free', 20, () => {
			this.#descriptor = systemCalls.open(device);
			if (this.#descriptor < 0) return false;
			view.setUint32(offsets.requestbuffers.count, 2, true);
			view.setUint32(offsets.requestbuffers.type, constants.BUF_TYPE_VIDEO_CAPTURE, true);
			view.setUint32(offsets.requestbuffers.memory, constants.MEMORY_MMAP, true);
			if (systemCalls.ioctl(this.#descriptor, ioctls.REQBUFS, request) >= 0) return true;
			systemCalls.close(this.#descriptor);
			return false;
		});
	}

	give(): void {
		systemCalls.close(this.#descriptor);
	}
}

/** The hands for the rows that one running box goes through, by their ids. */
export function faultHands(card: HdmiCard, sight: Sight): Readonly<Record<string, Hands>> {
	const present = () => card.signal('present');
	/** The device is closed by the loss of lock, and opened again into the fault. */
	const whileOpening = (control: string): Hands => ({
		cause: async () => {
			card.signal('no-lock');
			await sleep(600);
			card.control(`${control}=1`);
			present();
		},
		again: () => card.control(`${control}=1`),
		mend: () => undefined,
	});
	const momentary = (control: string): Hands => ({
		cause: () => card.control(`${control}=1`),
		again() {
			try {
				card.control(`${control}=1`);
			} catch {
				// A disconnected device cannot be opened: then the fault still lasts.
			}
		},
		mend: () => undefined,
	});
	async function plug(): Promise<void> {
		card.plug();
		await until('the device’s node', 20, () => existsSync(card.device));
		card.sourceChanges('640x480p60');
	}
	const other = new OtherProgram();
	const setClock = (hours: number) =>
		execFileSync('date', ['-s', `@${Math.floor(Date.now() / 1000) + 3600 * hours}`], { stdio: 'ignore' });
	return {
		unplug: { cause: () => card.unplug(), mend: plug },
		'unplug-10': {
			async cause() {
				for (let i = 0; i < 9; i++) {
					card.unplug();
					await sleep(200);
					card.plug();
					await sleep(200);
				}
				card.unplug();
			},
			mend: plug,
		},
		disconnect: momentary('disconnect'),
		'cable-out': { cause: () => card.signal('no-signal'), mend: present },
		'no-lock': { cause: () => card.signal('no-lock'), mend: present },
		'out-of-range': { cause: () => card.signal('out-of-range'), mend: present },
		interlaced: { cause: () => card.sourceChanges('1080i60'), mend: () => card.sourceChanges('640x480p60') },
		modes: {
			cause: () => undefined,
			async during() {
				for (const timing of Object.keys(timings) as Timing[]) {
					const height = heights[timing];
					if (height === undefined) continue;
					card.sourceChanges(timing);
					await sight.rows(height);
				}
			},
			mend: () => card.sourceChanges('640x480p60'),
		},
		'damaged-buffer': {
			cause: () => undefined,
			async during() {
				for (let i = 0; i < 10; i++) {
					card.control('inject_v4l2_buf_flag_error=1');
					await sleep(100);
				}
				await sight.framesMore(5);
			},
			mend: () => undefined,
		},
		'dropped-30': {
			cause: () => card.control('percentage_of_dropped_buffers=30'),
			during: () => sight.framesMore(20),
			mend: () => card.control('percentage_of_dropped_buffers=0'),
		},
		stalled: {
			cause: () => card.control('percentage_of_dropped_buffers=100'),
			mend: () => card.control('percentage_of_dropped_buffers=0'),
		},
		'sequence-wrap': {
			async cause() {
				card.control('wrap_sequence_number=1');
				card.signal('no-lock');
				await sleep(600);
				present();
			},
			// The driver begins 128 numbers before the wrap, and counts 60 a second.
			async during() {
				await sight.framesMore(2);
				await sleep(4000);
				await sight.framesMore(5);
			},
			mend: () => card.control('wrap_sequence_number=0'),
		},
		reqbufs: whileOpening('inject_vidioc_reqbufs_error'),
		streamon: whileOpening('inject_vidioc_streamon_error'),
		qbuf: momentary('inject_vidioc_qbuf_error'),
		fatal: momentary('inject_fatal_streaming_error'),
		taken: {
			async cause() {
				card.signal('no-lock');
				await other.take(card.device);
				present();
			},
			mend: () => other.give(),
		},
		'clock-back': {
			cause: () => void setClock(-1),
			during: () => sight.framesMore(10),
			mend: () => void setClock(1),
		},
	};
}
