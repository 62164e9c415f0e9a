import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { pino } from 'pino';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { numberOption } from '../numberOption.ts';
import { onReaderGone } from '../outputs.ts';
import { untilEnd } from '../untilEnd.ts';

interface Options {
	webPort: number;
	mqttPort: number;
	seconds?: number;
	seed: number;
	store?: string;
}

export function demoCommand(): Command {
	return new Command('demo')
		.description('The whole box on simulated scans, with a display page and an MQTT broker of its own')
		.option('--web-port <port>', 'port of the display page', numberOption(0, 65_535), 8080)
		.option('--mqtt-port <port>', 'port of the embedded broker', numberOption(0, 65_535), 1883)
		.option('--seconds <n>', 'end by itself after so long', numberOption(1, 1e7, false))
		.option('--seed <n>', 'same seed, same patients', numberOption(0, 0xffff_ffff), 10)
		.option('--store <folder>', 'keep results here; default: a folder that is deleted at the end')
		.action(demo);
}

async function demo(options: Options): Promise<void> {
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

/** Defaults, but for the demo's own source, broker, store and ports; the environment is left out of it. */
function demoConfig({ webPort, seed }: Options, brokerPort: number, store: string): Config {
	const config = loadConfig(null, {});
	config.box = { id: 'demo', label: 'Demo on simulated scans' };
	config.capture.source = 'simulator';
	config.capture.simulator.seed = seed;
	// A patient comes every twenty seconds, with five seconds of air between two.
	config.exam.idleEndMs = 3500;
	config.indicator.console = true;
	config.mqtt.url = `mqtt://127.0.0.1:${brokerPort}`;
	// The embedded broker speaks MQTT 3.1.1 only.
	config.mqtt.protocol = 4;
	config.mqtt.healthSeconds = 10;
	config.store.folder = store;
	config.web.port = webPort;
	return config;
}
