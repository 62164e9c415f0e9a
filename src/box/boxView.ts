import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { softwareVersion } from '../packageRoot.ts';
import { TimingWindow } from '../telemetry/timing.ts';
import type { ExamCommand, VisionReady } from '../vision/messages.ts';
import { previewHeight, previewWidth, type StatusBoard } from '../vision/statusBoard.ts';
import type { AlertView, BoxView, PreviewPicture } from '../web/boxView.ts';
import { readPageState } from '../web/pageState.ts';

/** What the view is made of. */
export interface BoxViewParts {
	board(): StatusBoard;
	ready(): VisionReady | null;
	command(command: ExamCommand): boolean;
	link(): string;
	alerts(): AlertView[];
	metrics(): string;
	/** Somebody far away asks which box this is. */
	identifying(): boolean;
}

/** A preview older than this is the past: it is not shown. Milliseconds. */
const previewMaxAgeMs = 1000;

/** The box as the display page sees it. */
export function boxView(config: Config, parts: BoxViewParts): BoxView {
	// Never begun: all since the vision thread started.
	const sinceStart = new TimingWindow();
	return {
		state: () => readPageState(parts.board()),
		timing: () => sinceStart.figures(parts.board()),
		preview: () => preview(parts.board()),
		command: (command) => parts.command(command),
		alerts: () => parts.alerts(),
		metrics: () => parts.metrics(),
		info() {
			const ready = parts.ready();
			return {
				box: config.box.id,
				label: config.box.label,
				identifying: parts.identifying(),
				version: softwareVersion,
				source: ready?.source ?? config.capture.source,
				simulated: config.capture.source === 'simulator',
				model: ready ? `${ready.model.name} ${ready.model.version}` : '',
				mqtt: config.mqtt.enabled ? parts.link() : 'switched off',
			};
		},
	};
}

function preview(board: StatusBoard): PreviewPicture | null {
	const sequence = board.get('previewSequence');
	const roiWidth = board.get('roiWidth');
	const fresh = monotonicMs() - board.get('previewMs') < previewMaxAgeMs;
	if (sequence === 0 || roiWidth === 0 || !fresh || board.signal !== 'ok' || board.scene !== 'live') return null;
	return {
		sequence,
		width: previewWidth,
		height: previewHeight,
		aspect: roiWidth / board.get('roiHeight'),
		pixels: board.preview,
	};
}
