import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { pino } from 'pino';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { keepHeapLean } from '../../service/leanHeap.ts';
import { demoIdleEndMs } from '../../simulator/demoScenario.ts';
import { prepareWorker } from '../../vision/spareWorker.ts';
import { numberOption } from '../numberOption.ts';
import { onReaderGone } from '../outputs.ts';
import { untilEnd } from '../untilEnd.ts';

interface Options {
	webPort: number;
	mqttPort: number;
	seconds?: number;
	seed: number;
	store?: string;
	boxes?: number;
	broker?: string;
}

export function demoCommand(): Command {
	return new Command('demo')
		.description('The whole box on simulated scans, with a display page and an MQTT broker of its own')
		.option('--web-port <port>', 'port of the display page', numberOption(0, 65_535), 8080)
		.option('--mqtt-port <port>', 'port of the embedded broker', numberOption(0, 65_535), 1883)
		.option('--seconds <n>', 'end by itself after so long', numberOption(1, 1e7, false))
		.option('--seed <n>', 'same seed, same patients', numberOption(0, 0xffff_ffff), 1)
		.option('--store <folder>', 'keep results here; default: a folder that is deleted at the end')
		.option('--boxes <n>', 'instead: the messages of so many boxes, for `phlebox fleet`', numberOption(1, 10_000))
		.option('--broker <url>', 'with --boxes: a broker to send them to; default: the embedded one')
		.action((options: Options) => (options.boxes === undefined ? demo(options) : demoFleet(options, options.boxes)));
}

async function demo(options: Options): Promise<void> {
	keepHeapLean();
	prepareWorker();
	// Loaded here and not above: it is most of what there is, and `--help` needs none of it.
	const { Box } = await import('../../box/box.ts');
	const { DemoBroker } = await import('../../telemetry/demoBroker.ts');
	const broker = new DemoBroker({ port: options.mqttPort });
	const port = await broker.start();
	const store = options.store ?? mkdtempSync(join(tmpdir(), 'phlebox-demo-'));
	try {
		const box = new Box(demoConfig(options, port, store), pino({ level: 'warn' }, pino.destination(2)));
		await box.start();
		console.log(`Phlebox demo on simulated scans. Not a medical device.
  display page   ${box.address}
  MQTT           mosquitto_sub -V mqttv311 -p ${port} -t 'phlebox/v1/#' -v
  end            Ctrl+C
The light:`);
		// A demo is for who looks at it: with the reader of what it prints it ends, as other programs do.
		await untilEnd(box, options.seconds, onReaderGone);
	} finally {
		await broker.stop();
		if (options.store === undefined) rmSync(store, { recursive: true, force: true });
	}
}

/** Telemetry of many boxes without any vision: each sends health every 10 s and a result about every two minutes. */
async function demoFleet({ mqttPort, broker: url, seconds }: Options, boxes: number): Promise<void> {
	const { DemoBroker } = await import('../../telemetry/demoBroker.ts');
	const { simulateFleet } = await import('../../fleet/simulateFleet.ts');
	const broker = url === undefined ? new DemoBroker({ port: mqttPort }) : null;
	const target = url ?? `mqtt://127.0.0.1:${await broker!.start()}`;
	const asked = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => asked.abort());
	const stop = await simulateFleet({ boxes, url: target, root: 'phlebox', healthMs: 10_000, resultMs: 120_000 });
	console.log(`${boxes} simulated boxes at ${target}. Look at them: phlebox fleet --url ${target}`);
	await sleep((seconds ?? 2_000_000) * 1000, undefined, { signal: asked.signal }).catch(() => {});
	await stop();
	await broker?.stop();
}

/** Defaults, but for the demo's own source, broker, store and ports; the environment is left out of it. */
function demoConfig({ webPort, seed }: Options, brokerPort: number, store: string): Config {
	const config = loadConfig(null, {});
	config.box = { id: 'demo', label: 'Demo on simulated scans' };
	config.capture.source = 'simulator';
	config.capture.simulator.seed = seed;
	config.exam.idleEndMs = demoIdleEndMs;
	config.indicator.console = true;
	config.mqtt.url = `mqtt://127.0.0.1:${brokerPort}`;
	// The embedded broker speaks MQTT 3.1.1 only.
	config.mqtt.protocol = 4;
	config.mqtt.healthSeconds = 10;
	config.store.folder = store;
	config.web.port = webPort;
	return config;
}
