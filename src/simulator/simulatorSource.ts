import { type Frame, frameBytes, type PixelFormat, type Roi } from '../capture/frame.ts';
import type { FrameMemory } from '../capture/frameMemory.ts';
import type { FrameSource, Pull } from '../capture/frameSource.ts';
import { monotonicMs } from '../clock.ts';
import { PhleboxError } from '../errors.ts';
import { demoScenario } from './demoScenario.ts';
import { Simulation, type SimulationOptions, simulationDefaults } from './simulation.ts';
import { noTruth, type Truth } from './truth.ts';

export interface SimulatorSourceOptions extends Omit<SimulationOptions, 'scenario'> {
	/** What is played; without one, the demo's two examinations over and over. */
	scenario?: SimulationOptions['scenario'];
	/** Frames a second on the HDMI line. */
	hdmiHz: number;
	/** `realtime` waits for each frame and drops what comes too late; `fast` gives the next frame at once. */
	pace: 'realtime' | 'fast';
	pixelFormat: Extract<PixelFormat, 'GREY' | 'YUYV'>;
}

export const simulatorSourceDefaults = {
	...simulationDefaults,
	seed: 1,
	scannerHz: 25,
	hdmiHz: 60,
	pace: 'realtime',
	pixelFormat: 'YUYV',
} as const satisfies SimulatorSourceOptions;

/** The simulator behind the port of frame sources: all frames are made in one slot of the frame memory. */
export class SimulatorSource implements FrameSource {
	readonly name: string;
	readonly #options: SimulatorSourceOptions;
	readonly #sleeper = new Int32Array(new SharedArrayBuffer(4));
	readonly #frame: Frame;
	readonly #pull: Pull;
	#simulation: Simulation | null = null;
	#bytes: Uint8Array = new Uint8Array(0);
	/** Number of the next frame on the HDMI line, and when frame 0 was due. */
	#next = 0;
	#startMs = Number.NaN;
	#fresh = false;

	/** @param options missing ones take `simulatorSourceDefaults` */
	constructor(options: Partial<SimulatorSourceOptions> = {}) {
		this.#options = { ...simulatorSourceDefaults, ...options };
		const { width, height, pixelFormat, seed, scenario } = this.#options;
		this.name = `simulator ${scenario?.name ?? 'demo'} seed ${seed}`;
		const stride = pixelFormat === 'GREY' ? width : width * 2;
		this.#frame = {
			width,
			height,
			pixelFormat,
			stride,
			offset: 0,
			byteLength: frameBytes(pixelFormat, stride, height),
			sequence: -1,
			timestampMs: 0,
		};
		this.#pull = { kind: 'end', frame: this.#frame, signal: 'ok', detail: '' };
	}

	/** The truth about the last frame. The object is overwritten by the next pull. */
	get truth(): Truth {
		return this.#simulation?.truth ?? noTruth();
	}

	/** Whether the scan in the last frame is a fresh image, not a repeated one. */
	get fresh(): boolean {
		return this.#fresh;
	}

	/** Where the scan is on the screen; null until opened. */
	get roi(): Roi | null {
		return this.#simulation?.roi ?? null;
	}

	/** The machine behind the frames; null until opened. */
	get simulation(): Simulation | null {
		return this.#simulation;
	}

	/** @throws PhleboxError bad-usage for options that no simulation can have */
	open(memory: FrameMemory): void {
		const options = this.#options;
		const { byteLength, width, height } = this.#frame;
		if (!(width >= 320 && height >= 240 && width % 2 === 0))
			throw new PhleboxError(
				'bad-usage',
				`simulator: a screen of ${width}x${height} is too small or of odd width; give at least 320x240`,
			);
		if (byteLength > memory.slotBytes)
			throw new PhleboxError(
				'bad-usage',
				`simulator: a frame of ${width}x${height} does not fit a slot of the frame memory`,
			);
		if (!(options.hdmiHz > 0))
			throw new PhleboxError('bad-usage', `simulator: ${options.hdmiHz} frames a second is no rate; give 50 or 60`);
		try {
			this.#simulation = new Simulation({ ...options, scenario: options.scenario ?? demoScenario(options.seed) });
		} catch (error) {
			if (error instanceof RangeError)
				throw new PhleboxError('bad-usage', `simulator: ${error.message}`, { cause: error });
			throw error;
		}
		this.#simulation.isOver(0);
		this.#bytes = memory.bytes;
		this.#frame.offset = memory.slotOffset(0);
		this.#next = 0;
		this.#startMs = monotonicMs();
	}

	next(deadlineMs: number): Pull {
		const simulation = this.#simulation;
		const pull = this.#pull;
		if (!simulation) return this.#end();
		const period = 1000 / this.#options.hdmiHz;
		if (this.#options.pace === 'realtime') {
			const now = monotonicMs();
			const due = this.#startMs + this.#next * period;
			if (due - now > deadlineMs) {
				if (deadlineMs > 0) Atomics.wait(this.#sleeper, 0, 0, deadlineMs);
				pull.kind = 'idle';
				return pull;
			}
			if (due > now) Atomics.wait(this.#sleeper, 0, 0, due - now);
			// A slow reader finds the newest frame, as from a driver whose buffers were full: the sequence shows the gap.
			else this.#next = Math.floor((now - this.#startMs) / period);
		}
		const timeMs = this.#next * period;
		if (simulation.isOver(timeMs)) return this.#end();
		const frame = this.#frame;
		this.#fresh = simulation.draw(this.#bytes, frame.offset, frame.stride, frame.pixelFormat, timeMs);
		frame.sequence = this.#next++;
		frame.timestampMs = this.#startMs + timeMs;
		pull.kind = 'frame';
		return pull;
	}

	close(): void {
		this.#simulation = null;
	}

	#end(): Pull {
		this.#pull.kind = 'end';
		return this.#pull;
	}
}
