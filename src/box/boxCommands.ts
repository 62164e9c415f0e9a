import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import { checkClock } from '../doctor/clock.ts';
import { type Finding, fail, ok } from '../doctor/finding.ts';
import { checkStore } from '../doctor/store.ts';
import { greyPng } from '../simulator/greyPng.ts';
import type { RaisedAlert } from '../telemetry/alerts.ts';
import { Refused } from '../telemetry/remote/commandCenter.ts';
import type { RemoteParts } from '../telemetry/remote/remote.ts';
import type { ExamCommand } from '../vision/messages.ts';
import type { StatusBoard } from '../vision/statusBoard.ts';
import type { PreviewPicture } from '../web/boxView.ts';

interface CommandedBox {
	log: Logger;
	/** @returns false when no vision thread runs that could obey */
	command(command: ExamCommand): boolean;
	preview(): PreviewPicture | null;
	/** Null while no vision thread runs. */
	board(): StatusBoard | null;
	alerts(): RaisedAlert[];
	examining(): boolean;
	identify(seconds: number): void;
	restart(): void;
}

/** A reply has to leave before the box goes down. */
const restartAfterMs = 500;

/** What the commands over MQTT do to this box. */
export function remoteHandlers(config: Config, box: CommandedBox): RemoteParts['handlers'] {
	const exam = (command: ExamCommand) => (box.command(command) ? null : new Refused('the box is not ready'));
	return {
		'examination-start': ({ side }) => exam({ name: 'start', ...(side && { side }) }),
		'examination-end': () => exam({ name: 'end' }),
		'examination-cancel': () => exam({ name: 'cancel' }),
		side: ({ side }) => exam({ name: 'side', side }),
		identify({ seconds }) {
			if (box.examining()) return new Refused('an examination runs');
			box.identify(seconds);
			return null;
		},
		restart() {
			box.log.warn('a restart is asked for over MQTT');
			setTimeout(() => box.restart(), restartAfterMs).unref();
			return null;
		},
		doctor: () => findings(config, box),
		snapshot() {
			if (!config.mqtt.snapshots) return new Refused('mqtt.snapshots does not allow it on this box');
			const picture = box.preview();
			if (!picture) return new Refused('there is no live picture');
			const { width, height, aspect, pixels } = picture;
			return { width, height, aspect, png: greyPng(Uint8Array.from(pixels), width, height).toString('base64') };
		},
	};
}

/** As `phlebox doctor`, but of a box that runs: camera, light, model and broker are judged by what they do. */
function findings(config: Config, box: CommandedBox): Finding[] {
	const board = box.board();
	const vision = board
		? board.signal === 'ok'
			? ok('vision', `signal ok, scene ${board.scene}`)
			: fail('vision', `signal ${board.signal}`, 'check cable and ultrasound machine')
		: fail('vision', 'the vision thread does not run', 'see the alerts');
	const alerts = box.alerts().map(({ code, text }) => fail(code, text, 'as it says'));
	return [vision, checkStore(config), checkClock(), ...alerts];
}
