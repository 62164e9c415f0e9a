import { type SignalState, signalStates } from '../capture/signal.ts';
import { monotonicMs } from '../clock.ts';
import { guidances } from '../exam/guidance.ts';
import { scenes } from '../screen/scene.ts';
import { latencyBounds, type StatusBoard } from '../vision/statusBoard.ts';
import type { RaisedAlert } from './alerts.ts';
import { linkCauses } from './link/linkCause.ts';
import type { Health } from './messages/health.ts';
import type { TelemetryState } from './telemetryParts.ts';

export interface MetricsInput {
	info: Record<'box' | 'version' | 'model' | 'provider', string>;
	/** The last health message; null before the first. */
	health: Health | null;
	state: TelemetryState;
	alerts: readonly RaisedAlert[];
	/** Null while no vision thread runs. */
	board: StatusBoard | null;
	/** Milliseconds in each state of the signal, and times it was lost, since the start. */
	input: { states: ReadonlyMap<SignalState, number>; losses: number };
}

type Labels = Record<string, string>;

/**
 * GET /metrics: the box for Prometheus (text format 0.0.4). Written out here because the latencies are a histogram in
 * shared memory already, which a client library would have to be fed frame by frame. What is not known is left out.
 */
export function renderMetrics({ info, health, state, alerts, board, input }: MetricsInput): string {
	const page = new Page();
	page.gauge('phlebox_info', 'The box and its software.', [[info, 1]]);
	page.gauge('phlebox_boot', 'Starts of the software.', [[{}, state.boot]]);
	page.gauge('phlebox_link_online', 'The broker has accepted the box.', [[{}, state.link.phase === 'online']]);
	page.gauge(
		'phlebox_link_fault',
		'Why there is no connection.',
		linkCauses.map((cause) => [{ cause }, state.link.cause === cause]),
	);
	page.gauge('phlebox_outbox_pending', 'Stored messages that the broker has not.', [[{}, state.pending]]);
	page.gauge('phlebox_outbox_in_memory', 'Messages that wait for room in the store.', [[{}, state.waiting]]);
	page.gauge('phlebox_outbox_aside', 'Messages that the broker will never take.', [[{}, state.setAside]]);
	page.gauge(
		'phlebox_alert',
		'What is wrong now.',
		alerts.map(({ code, severity }) => [{ code, severity }, 1]),
	);
	page.gauge('phlebox_vision_running', 'The vision thread runs.', [[{}, board !== null]]);
	page.counter(
		'phlebox_signal_seconds_total',
		'Time in each state of the video signal.',
		[...input.states].map(([state, ms]) => [{ state }, ms / 1000]),
	);
	page.counter('phlebox_signal_losses_total', 'Times the video signal was lost.', [[{}, input.losses]]);
	if (board) vision(page, board);
	if (health) host(page, health);
	return page.text;
}

function vision(page: Page, board: StatusBoard): void {
	for (const [name, help] of [
		['frames', 'Frames seen since the vision thread started.'],
		['images', 'Fresh images judged.'],
		['repeats', 'Frames that repeated an image.'],
		['dropped', 'Frames that were lost before.'],
		['misses', 'Frames that reached the light after the deadline.'],
	] as const)
		page.counter(`phlebox_${name}_total`, help, [[{}, board.get(name)]]);
	page.gauge('phlebox_signal', 'State of the video signal.', oneOf('state', signalStates, board.signal));
	page.gauge('phlebox_scene', 'What the screen shows.', oneOf('scene', scenes, board.scene));
	page.gauge(
		'phlebox_guidance',
		'What the light says.',
		oneOf('guidance', guidances, board.validGuidance(monotonicMs())),
	);
	page.histogram('phlebox_frame_to_light_seconds', 'Capture of a frame to the light.', latencyBounds, board.histogram);
}

function host(page: Page, health: Health): void {
	const { cpu, memory, disk, queue, clock, board } = health;
	const one = (value: number): [Labels, number][] => [[{}, value]];
	page.gauge('phlebox_uptime_seconds', 'Since the software started.', one(health.uptimeMs / 1000));
	if (cpu) page.gauge('phlebox_cpu_load_ratio', 'Busy share of all cores.', one(cpu.load));
	if (memory) page.gauge('phlebox_memory_available_bytes', 'Of the machine.', one(memory.availableBytes));
	if (memory) page.gauge('phlebox_memory_total_bytes', 'Of the machine.', one(memory.totalBytes));
	if (health.process) page.gauge('phlebox_resident_memory_bytes', 'Of the software.', one(health.process.rssBytes));
	if (disk) page.gauge('phlebox_disk_free_bytes', 'Where the store is.', one(disk.freeBytes));
	if (disk) page.gauge('phlebox_disk_total_bytes', 'Where the store is.', one(disk.totalBytes));
	page.gauge('phlebox_outbox_pending_bytes', 'Size of what is pending.', one(queue.pendingBytes));
	page.gauge('phlebox_outbox_oldest_seconds', 'Age of the oldest pending.', one((queue.oldestAgeMs ?? 0) / 1000));
	if (clock.synchronised !== null)
		page.gauge('phlebox_clock_synchronised', 'A time server keeps the clock.', one(Number(clock.synchronised)));
	page.counter('phlebox_clock_jumps_total', 'Times the clock was set.', one(clock.jumps));
	if (!board) return;
	const { temperatures, clocks, rails, gpuLoad } = board;
	page.gauge(
		'phlebox_temperature_celsius',
		'By thermal zone.',
		temperatures.map(({ zone, celsius }) => [{ zone }, celsius]),
	);
	page.gauge(
		'phlebox_clock_hertz',
		'Clocks of GPU and memory.',
		clocks.map(({ device, hertz }) => [{ device }, hertz]),
	);
	page.gauge(
		'phlebox_power_watts',
		'By rail.',
		rails.map(({ rail, watts }) => [{ rail }, watts]),
	);
	if (gpuLoad !== null) page.gauge('phlebox_gpu_load_ratio', 'Busy share of the GPU.', one(gpuLoad));
}

function oneOf(label: string, words: readonly string[], now: string): [Labels, boolean][] {
	return words.map((word) => [{ [label]: word }, word === now]);
}

class Page {
	#lines: string[] = [];

	get text(): string {
		return `${this.#lines.join('\n')}\n`;
	}

	gauge(name: string, help: string, samples: readonly [Labels, number | boolean][]): void {
		this.#metric('gauge', name, help, samples);
	}

	counter(name: string, help: string, samples: readonly [Labels, number | boolean][]): void {
		this.#metric('counter', name, help, samples);
	}

	/** @param bounds upper bounds, milliseconds @param counts one a bound and one above */
	histogram(name: string, help: string, bounds: ArrayLike<number>, counts: ArrayLike<number>): void {
		this.#head('histogram', name, help);
		let sum = 0;
		for (let place = 0; place < bounds.length; place += 1) {
			sum += counts[place]!;
			this.#lines.push(`${name}_bucket{le="${(bounds[place]! / 1000).toPrecision(4)}"} ${sum}`);
		}
		sum += counts[bounds.length] ?? 0;
		this.#lines.push(`${name}_bucket{le="+Inf"} ${sum}`, `${name}_count ${sum}`);
	}

	#metric(type: string, name: string, help: string, samples: readonly [Labels, number | boolean][]): void {
		if (samples.length === 0) return;
		this.#head(type, name, help);
		for (const [labels, value] of samples) {
			const inner = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
			this.#lines.push(`${name}${inner.length > 0 ? `{${inner.join(',')}}` : ''} ${Number(value)}`);
		}
	}

	#head(type: string, name: string, help: string): void {
		this.#lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
	}
}

function escaped(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
