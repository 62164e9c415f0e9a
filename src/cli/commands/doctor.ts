import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { checkButtons } from '../../doctor/buttons.ts';
import { checkCapture } from '../../doctor/capture.ts';
import { checkClock } from '../../doctor/clock.ts';
import type { Finding } from '../../doctor/finding.ts';
import { checkLights } from '../../doctor/light.ts';
import { checkRuntime } from '../../doctor/runtime.ts';
import { checkService } from '../../doctor/service.ts';
import { checkStore } from '../../doctor/store.ts';

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' };

export function doctorCommand(): Command {
	return new Command('doctor')
		.description(
			'Checks service, camera, screen, light, buttons, runtime, broker, disk and clock, says what to do; exit code 1 if one fails',
		)
		.option('--config <file>', 'configuration; default: the defaults')
		.option('--json', 'print the findings as JSON')
		.action(async (options: { config?: string; json?: boolean }) => {
			const config = loadConfig(options.config ?? null);
			// Loaded here and not above: the MQTT client takes its time, which `--help` has no use for.
			const { checkBroker } = await import('../../doctor/broker.ts');
			const findings: Finding[] = [
				checkService(),
				...checkCapture(config),
				...checkLights(config),
				...checkButtons(config),
				...checkRuntime(config),
				await checkBroker(config),
				checkStore(config),
				checkClock(),
			];
			if (options.json) console.log(JSON.stringify(findings, null, 2));
			else
				for (const { check, state, says, todo } of findings) {
					console.log(`${marks[state]} ${check}: ${says}`);
					if (todo) console.log(`     to do: ${todo}`);
				}
			if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1;
		});
}
