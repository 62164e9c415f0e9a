import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Roi } from '../../src/capture/frame.ts';
import { formatHeader, frameMarker } from '../../src/capture/recording/y4m.ts';
import { shippedPath } from '../../src/packageRoot.ts';
import { demoIdleEndMs, demoScenario } from '../../src/simulator/demoScenario.ts';
import { roundLength } from '../../src/simulator/scenario.ts';
import { Simulation, simulationDefaults } from '../../src/simulator/simulation.ts';
import { DemoBroker } from '../../src/telemetry/demoBroker.ts';
import { publishModel } from '../../src/update/publisher/publish.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { FaultProxy } from '../broker/faults/faultProxy.ts';
import { Mosquitto } from '../broker/mosquitto.ts';
import { variant } from '../slow/variant.ts';
import { Listener } from '../telemetry/listener.ts';
import { makeKeys, makeRepository, releasers } from '../update/publishing.ts';
import { type BoxReport, wholeCapture } from './report.ts';

export const boxTopic = 'phlebox/v1/soak';
/** The shipped network under two other names, which are swapped in in turn. */
export const versions = ['9.0.1', '9.0.2'] as const;
const hz = 25;
const screen = { width: 640, height: 480, pixelFormat: 'GREY' } as const;

/** A built box under soak, a line with faults, a broker, a consumer that hears everything; all below this process. */
export class SoakWorld {
	readonly folder = mkdtempSync(join(tmpdir(), 'phlebox-soak-'));
	broker: Mosquitto | null = null;
	line!: FaultProxy;
	listener!: Listener;
	box!: ChildProcess;
	report: BoxReport | null = null;
	/** How the box ended; null while it runs. */
	ended: string | null = null;
	readonly #undo: (() => unknown)[] = [];
	readonly #log: string[] = [];

	get store(): string {
		return join(this.folder, 'store');
	}

	/** The last lines that the box wrote. */
	get lastWords(): string {
		return this.#log.slice(-5).join('\n');
	}

	/** @param seed of patients and faults; @param faults whether the capture port has any */
	async start(seed: number, faults: boolean): Promise<void> {
		// The parts of the tests that are used here want to be told when it is over, and nothing else of a test.
		const t = {
			teardown: (act: () => unknown) => this.#undo.push(act),
			fail: (words: string) => console.error(words),
		} as unknown as ExecutionContext;
		this.#undo.push(() => rmSync(this.folder, { recursive: true, force: true }));
		this.broker = await Mosquitto.make(t, [
			...['persistence true', 'max_queued_messages 0', 'max_inflight_messages 0'],
		]).catch(() => null);
		let port: number;
		if (this.broker) {
			await this.broker.start();
			port = this.broker.port;
		} else {
			const broker = new DemoBroker({ port: 0 });
			port = await broker.start();
			this.#undo.push(() => broker.stop());
		}
		this.line = await FaultProxy.start(t, port);
		const protocolVersion = this.broker ? 5 : 4;
		this.listener = await Listener.at(t, `mqtt://127.0.0.1:${port}`, { clientId: 'soak-consumer', protocolVersion });
		const recording = join(this.folder, 'demo.y4m');
		const { x, y, width, height } = writeRecording(recording, seed);
		mkdirSync(this.store);
		const file = join(this.folder, 'box.json');
		writeFileSync(file, JSON.stringify(this.#config(recording, [x, y, width, height], protocolVersion)));
		this.#spawn(file, seed, faults);
	}

	#config(recording: string, roi: number[], protocol: 4 | 5): unknown {
		const keys = makeKeys();
		const repository = makeRepository(keys);
		for (const version of versions) publishModel(repository, variant(version), new Date());
		signRepository(repository, releasers(keys), new Date());
		return {
			box: { id: 'soak' },
			capture: { source: 'recording', recording: { file: recording, pace: 'fast', loop: true } },
			screen: { roi },
			exam: { idleEndMs: demoIdleEndMs },
			vision: { watchdogMs: 60_000, startMs: 600_000 },
			mqtt: { url: this.line.url, protocol, healthSeconds: 10, backoffMinSeconds: 0.2, backoffMaxSeconds: 2 },
			store: { folder: this.store },
			web: { port: 0 },
			log: { level: 'warn' },
			update: {
				...{ source: repository.folder, trust: join(repository.folder, 'metadata/1.root.json'), jitterMinutes: 0 },
				...{ shadowImages: 50, shadowSeconds: 20, probationSeconds: 1, latencyMs: 1000, probationMisses: 1 },
			},
		};
	}

	#spawn(config: string, seed: number, faults: boolean): void {
		const preload = fileURLToPath(new URL('preload.js', import.meta.url));
		const args = ['--import', preload, shippedPath('dist/cli/main.js'), 'run', '--config', config];
		const box = spawn(process.execPath, args, {
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			env: { ...process.env, PHLEBOX_SOAK_SEED: String(seed), ...(faults ? {} : { [wholeCapture]: '' }) },
			// A Ctrl+C in the terminal is for the soak, which ends the box in order.
			detached: true,
		});
		this.box = box;
		box.on('message', (report) => {
			this.report = report as BoxReport;
		});
		box.stderr!.on('data', (data: Buffer) => {
			this.#log.push(...data.toString().split('\n').filter(Boolean));
			this.#log.splice(0, this.#log.length - 20);
		});
		box.once('exit', (code, signal) => {
			this.ended = `code ${code}, signal ${signal}`;
		});
		this.#undo.push(() => {
			if (this.ended === null) box.kill('SIGKILL');
		});
	}

	async close(): Promise<void> {
		for (const act of this.#undo.splice(0).reverse()) await act();
	}
}

/** One round of the demo: an examination that captures both sites, and one with a vein that does not close. */
function writeRecording(file: string, seed: number): Roi {
	const scenario = demoScenario(seed);
	const simulation = new Simulation({ ...simulationDefaults, ...screen, seed, scannerHz: hz, scenario });
	const { width, height } = screen;
	const picture = new Uint8Array(width * height);
	const descriptor = openSync(file, 'w');
	const rate = { numerator: hz, denominator: 1 };
	writeSync(descriptor, formatHeader({ width, height, rate, colourSpace: 'mono' }));
	const frames = Math.floor((roundLength(scenario) / 1000) * hz);
	for (let at = 0; at < frames && !simulation.isOver((at * 1000) / hz); at++) {
		simulation.draw(picture, 0, width, 'GREY', (at * 1000) / hz);
		writeSync(descriptor, frameMarker);
		writeSync(descriptor, picture);
	}
	closeSync(descriptor);
	return simulation.roi;
}
