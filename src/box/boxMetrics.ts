import { softwareVersion } from '../packageRoot.ts';
import { renderMetrics } from '../telemetry/metrics.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { VisionReady } from '../vision/messages.ts';
import type { StatusBoard } from '../vision/statusBoard.ts';
import type { InputHistory } from './inputHistory.ts';

/** The box's page of metrics as it is now. @param ready what runs in the vision thread; null while none does */
export function boxMetrics(
	id: string,
	telemetry: Telemetry,
	ready: VisionReady | null,
	board: StatusBoard,
	history: InputHistory,
): string {
	const { name, version, provider = '' } = ready?.model ?? {};
	return renderMetrics({
		info: { box: id, version: softwareVersion, model: name === undefined ? '' : `${name} ${version}`, provider },
		health: telemetry.health(),
		state: telemetry.state(),
		alerts: telemetry.alerts(),
		board: ready ? board : null,
		input: history.totals,
	});
}
