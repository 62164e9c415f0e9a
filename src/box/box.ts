import type { Logger } from 'pino';
import { Buttons } from '../buttons/buttons.ts';
import type { ButtonAction } from '../buttons/presses.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { messageOf, type PhleboxError } from '../errors.ts';
import type { ExamRecord } from '../exam/record.ts';
import { ConsoleLight } from '../indicator/consoleLight.ts';
import { Keeper } from '../indicator/keeper/keeper.ts';
import { type LightShares, shareLights } from '../indicator/keeper/keptLights.ts';
import { darken } from '../indicator/led/darken.ts';
import type { Indication } from '../indicator/light.ts';
import { mayIdentify } from '../indicator/shown.ts';
import { withEngineFolder } from '../inference/engine/engineFolder.ts';
import { inferenceOptions } from '../inference/options.ts';
import { softwareVersion } from '../packageRoot.ts';
import { cellsOf, readNoSignalPictures } from '../screen/noSignalPictures.ts';
import type { Scene } from '../screen/scene.ts';
import { type ProgressSigns, progressSigns } from '../service/progress.ts';
import { startMarks } from '../startMarks.ts';
import type { Desired, Reported } from '../telemetry/messages/desired.ts';
import type { EventMessage } from '../telemetry/messages/event.ts';
import type { Job } from '../telemetry/messages/job.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Updater } from '../update/drive/updater.ts';
import type { ExamCommand, VisionReady } from '../vision/messages.ts';
import { sitesOf } from '../vision/protocol.ts';
import type { StatusBoard } from '../vision/statusBoard.ts';
import { VisionThread } from '../vision/thread.ts';
import type { BoxView } from '../web/boxView.ts';
import { WebServer } from '../web/server.ts';
import { remoteHandlers } from './boxCommands.ts';
import { BoxEngines } from './boxEngines.ts';
import { boxMetrics } from './boxMetrics.ts';
import { boxTelemetry } from './boxTelemetry.ts';
import { boxUpdates, withInstalledModel } from './boxUpdates.ts';
import { boxView } from './boxView.ts';
import { tellFirstLight } from './firstLight.ts';
import { InputWatch } from './inputWatch.ts';
import type { LogTap } from './logTap.ts';

/** How often the main thread looks at the status board for console and signal. Milliseconds. */
const lookMs = 25;

export interface BoxEnd {
	/** Null when the box was asked to stop or its recording is over. */
	error: PhleboxError | null;
}

/** What a box passes on to whoever keeps it running. */
export interface BoxKeeper {
	/** A configuration is wanted over MQTT. */
	desired: (desired: Desired) => void;
	/** The box is to be started anew. */
	restart: () => void;
	/** Where the lines of the log can be had. */
	tap: LogTap | null;
}

/**
 * The box, put together: vision thread, telemetry, display page, watchdog. This is the one place where the parts learn of
 * each other.
 */
export class Box {
	readonly #config: Config;
	readonly #log: Logger;
	readonly #sites: readonly string[];
	readonly #lights: LightShares;
	readonly #vision: VisionThread;
	readonly #keeper: Keeper;
	#dimmed: boolean;
	readonly #telemetry: Telemetry;
	readonly #buttons: Buttons;
	/** What is wrong with button devices that do not work, by their paths. */
	readonly #failedButtons = new Map<string, string>();
	readonly #web: WebServer | null;
	readonly #view: BoxView;
	readonly #input = new InputWatch();
	readonly #console: ConsoleLight | null;
	#ready: VisionReady | null = null;
	/** What is wrong with lights that do not work, by their names. */
	readonly #failedLights = new Map<string, string>();
	#timer: NodeJS.Timeout | null = null;
	#end: (end: BoxEnd) => void = () => undefined;
	/** It has ended by itself. */
	over = false;
	/** Why the vision thread does not run, as last heard. */
	#visionTrouble = 'the vision thread is not ready';
	readonly #updates: Updater | null;
	readonly #engines: BoxEngines;
	readonly #restart: (() => void) | null;
	readonly #tap: LogTap | null;
	#untap: (() => void) | null = null;
	/** Page and lights say which box it is until then, monotonic. */
	#identifyUntilMs = 0;
	/** Resolves when the box ends by itself: a recording that is over, a fault that no restart mends. */
	readonly ended: Promise<BoxEnd>;
	/** Where the display page is, once started; null without one. */
	address: string | null = null;

	/** @throws PhleboxError for a model package or configuration that cannot be used */
	constructor(given: Config, log: Logger, keeper: BoxKeeper | null = null) {
		const config = withInstalledModel(withEngineFolder(given));
		this.#restart = keeper?.restart ?? null;
		this.#tap = keeper?.tap ?? null;
		this.#config = config;
		this.#log = log;
		this.#sites = sitesOf(config);
		this.ended = new Promise((resolve) => {
			this.#end = (end) => {
				this.over = true;
				resolve(end);
			};
		});
		this.#lights = shareLights(config.indicator);
		this.#dimmed = config.indicator.dimmed;
		this.#keeper = new Keeper(this.#lights.kept, (light, failure) => this.#onLight(light, failure));
		const vision = { ...config, indicator: this.#lights.kernel, noSignal: this.#learned() };
		this.#vision = new VisionThread(vision, this.#sites, {
			ready: (ready) => this.#onReady(ready),
			record: (record) => this.#onRecord(record),
			scene: (scene, reason) => this.#onScene(scene, reason),
			signal: (signal, cause) => this.#input.explainSignal(signal, cause),
			light: (light, failure) => this.#onLight(light, failure),
			reverted: (reason) => {
				this.#updates?.failed(reason);
				this.#engines.reverted(reason);
			},
			freed: (handle) => (this.#updates ?? this.#engines).free(handle),
			failed: (error, final) => this.#onFailed(error, final),
			ended: () => this.#end({ error: null }),
			lit: (marks) => tellFirstLight(log, marks),
		});
		this.#engines = new BoxEngines({
			...{ log, vision: this.#vision, inference: inferenceOptions(config.inference) },
			idle: () => this.#ready !== null && !this.examining && !this.#updates?.trying,
			changed: () => this.#telemetry.announce(),
		});
		this.#buttons = new Buttons(config.buttons, {
			pressed: (action) => this.#onButton(action),
			failed: (device, failure) => this.#onButtonsFailed(device, failure),
		});
		this.#telemetry = boxTelemetry(config, log, this.#sites, {
			board: () => (this.#ready ? this.#vision.board : null),
			ready: () => this.#engines.told(this.#ready),
			inputHistory: () => this.#input.history.report(),
			...(keeper && {
				remote: {
					desired: keeper.desired,
					...(config.update.source !== '' && { job: (job: Job) => this.#updates?.take(job) }),
					handlers: remoteHandlers(config, {
						...{ log, restart: keeper.restart, examining: () => this.examining },
						command: (command) => this.#vision.command(command),
						preview: () => this.#view.preview(),
						board: () => (this.#ready ? this.#vision.board : null),
						alerts: () => this.#telemetry.alerts(),
						identify: (seconds) => {
							this.#identifyUntilMs = monotonicMs() + seconds * 1000;
							this.#vision.identify(this.#identifyUntilMs);
						},
					}),
				},
			}),
		});
		this.#updates = boxUpdates(config, log, {
			...{ vision: this.#vision, telemetry: this.#telemetry },
			ready: () => this.#ready !== null,
			examining: () => this.examining,
			prepare: (folder) => this.#engines.prepare(folder),
		});
		this.#view = boxView(config, {
			board: () => this.#vision.board,
			ready: () => this.#ready,
			command: (command) => this.#vision.command(command),
			link: () => this.#telemetry.state().link.phase,
			alerts: () => this.#telemetry.alerts(),
			metrics: () => boxMetrics(config.box.id, this.#telemetry, this.#ready, this.board, this.#input.history),
			identifying: () => monotonicMs() < this.#identifyUntilMs,
		});
		this.#web = config.web.enabled ? new WebServer(config.web, this.#view) : null;
		this.#console = config.indicator.console ? new ConsoleLight({ ansi: process.stdout.isTTY === true }) : null;
	}

	/** A damaged file keeps no box from its work: without what was learned the light knows less, and never more. */
	#learned(): Uint8Array[] {
		try {
			return readNoSignalPictures(this.#config.store.folder).map(cellsOf);
		} catch (error) {
			this.#log.error(messageOf(error));
			return [];
		}
	}

	/** Status board of the running vision thread. */
	get board(): StatusBoard {
		return this.#vision.board;
	}

	get online(): boolean {
		return this.#telemetry.state().link.phase === 'online';
	}

	/** An examination runs. */
	get examining(): boolean {
		return this.#ready !== null && this.board.phase === 'running';
	}

	/** Why it cannot be called healthy; null when it can. @param online whether the broker has to be reached for it */
	trouble(online: boolean): string | null {
		if (!this.#ready) return this.#visionTrouble;
		const { link } = this.#telemetry.state();
		return online && link.phase !== 'online' ? link.reason || 'the broker is not reached' : null;
	}

	/** Takes over what needs no restart of the parts. */
	change({ box, mqtt, log, update }: Config): void {
		this.#updates?.want(update.model);
		this.#config.box.label = box.label;
		this.#log.level = log.level;
		this.#telemetry.change({ label: box.label, healthMs: mqtt.healthSeconds * 1000 });
	}

	report(reported: Omit<Reported, 'schema' | 'boot'>): void {
		this.#telemetry.report(reported);
	}

	event(event: string, details: EventMessage['details']): void {
		this.#telemetry.event(event, details);
	}

	/** What the watchdog of the service manager is fed by. */
	get progress(): ProgressSigns {
		const { board, hanging } = this.#vision;
		return progressSigns({ board, hanging, ready: this.#ready !== null });
	}

	/**
	 * The page first, because its port may be taken; then the store, so that what the exam records from its first image
	 * on has a place to go.
	 * @throws PhleboxError port-taken, store-failed; what was started is stopped again
	 */
	async start(): Promise<void> {
		startMarks.over('box');
		this.address = (await this.#web?.start()) ?? null;
		try {
			await this.#telemetry.start();
		} catch (error) {
			await this.#web?.stop();
			throw error;
		}
		this.#untap = this.#tap?.listen((line) => this.#telemetry.logLine(line)) ?? null;
		this.#console?.open();
		this.#keeper.start();
		if (this.#dimmed) this.#vision.dim(this.#config.indicator.dimPercent);
		startMarks.over('page and store');
		this.#vision.start();
		this.#buttons.start();
		this.#updates?.start();
		this.#timer = setInterval(() => this.#look(), lookMs);
		this.#log.info({ version: softwareVersion, page: this.address }, 'started');
	}

	/** In order: no more frames, lights out, what is recorded stored and, for a moment, sent. */
	async stop(reason: string): Promise<void> {
		this.#log.info({ reason }, 'stopping');
		this.#telemetry.setStatus('stopping', reason);
		this.#buttons.stop();
		await Promise.all([this.#updates?.stop(), this.#engines.stop()]);
		await this.#vision.stop();
		if (this.#timer) clearInterval(this.#timer);
		await this.#keeper.stop();
		this.#console?.close();
		await this.#web?.stop();
		await this.#telemetry.stop();
		this.#untap?.();
		this.#log.info('stopped');
	}

	/** Brightness for a dark room, or the full one again. */
	dim(dimmed: boolean): void {
		this.#dimmed = dimmed;
		const percent = dimmed ? this.#config.indicator.dimPercent : 100;
		this.#vision.dim(percent);
		this.#keeper.dim(percent);
		this.#log.info({ percent }, 'brightness');
	}

	#onReady(ready: VisionReady): void {
		this.#ready = ready;
		this.#log.info(ready, 'vision ready');
		this.#engines.heard(ready);
		this.#telemetry.announce();
		this.#telemetry.clear('vision-stuck');
		this.#telemetry.clear('vision-failed');
		this.#telemetry.clear('model-invalid');
		this.#telemetry.setStatus('online', '');
	}

	#onButton(action: ButtonAction): void {
		if (action === 'dim') {
			this.dim(!this.#dimmed);
			return;
		}
		const command: ExamCommand =
			action === 'next'
				? { name: 'start' }
				: action === 'side'
					? { name: 'side', side: this.#vision.board.side === 'left' ? 'right' : 'left' }
					: { name: 'cancel' };
		const taken = this.#vision.command(command);
		this.#log.info({ action, taken }, 'button');
	}

	#onButtonsFailed(device: string, failure: string | null): void {
		if (failure === null) this.#failedButtons.delete(device);
		else this.#failedButtons.set(device, failure);
		this.#log.info({ device, failure }, 'buttons');
		const failures = [...this.#failedButtons.values()];
		if (failures.length === 0) this.#telemetry.clear('buttons-failed');
		else this.#telemetry.raise('buttons-failed', 'warning', failures.join('; '));
	}

	#onRecord(record: ExamRecord): void {
		this.#log.info({ record: record.kind, examination: record.examination }, 'recorded');
		this.#telemetry.record(record);
	}

	/** A scan area that was given and does not fit is for a person to mend; one that is being looked for is not. */
	#onScene(scene: Scene, reason: string): void {
		this.#log.info({ scene, reason }, 'scene');
		this.#input.explainScene(scene, reason);
		if (this.#config.screen.roi === 'auto') return;
		if (scene === 'no-roi' || scene === 'layout-changed') this.#telemetry.raise('roi-invalid', 'warning', reason);
		else this.#telemetry.clear('roi-invalid');
	}

	#onLight(light: string, failure: string | null): void {
		if (failure === null) this.#failedLights.delete(light);
		else this.#failedLights.set(light, failure);
		const failures = [...this.#failedLights.values()];
		if (failures.length === 0) this.#telemetry.clear('light-failed');
		else this.#telemetry.raise('light-failed', 'warning', failures.join('; '));
	}

	/** Whatever the thread's lights were, nobody renews them now: they are put out from here. */
	#onFailed(error: PhleboxError, final: boolean): void {
		this.#ready = null;
		this.#visionTrouble = error.message;
		for (const led of this.#lights.kernel.leds) for (const failure of darken(led)) this.#log.error(failure.message);
		this.#vision.board.say('fault', null, Number.MAX_VALUE);
		this.#log.error({ code: error.code, final }, error.message);
		const code =
			error.code === 'vision-stuck' ? error.code : error.code.startsWith('model-') ? 'model-invalid' : 'vision-failed';
		this.#telemetry.raise(code, 'critical', error.message);
		this.#telemetry.setStatus('degraded', error.message);
		this.#updates?.failed(error.message);
		if (!final) return;
		// A model that was installed in the field and cannot be loaded any more: the box starts anew with the one before.
		const another = error.code.startsWith('model-') && this.#updates?.currentFailed(error.message);
		if (another && this.#restart) this.#restart();
		else this.#end({ error });
	}

	#look(): void {
		const nowMs = monotonicMs();
		const state = this.#view.state();
		const indication: Indication = { guidance: state.guidance, site: state.site, expiresMs: Number.POSITIVE_INFINITY };
		this.#console?.show(indication, { nowMs });
		if (nowMs < this.#identifyUntilMs && mayIdentify(state.guidance, state.phase === 'running')) {
			indication.guidance = 'identify';
			indication.site = null;
		} else if (state.guidance !== 'starting') indication.expiresMs = nowMs + state.validForMs;
		this.#keeper.show(indication);
		if (!this.#ready) {
			this.#input.history.pause();
			return;
		}
		for (const news of this.#input.look(state, nowMs)) {
			const { cause } = news;
			if (news.kind === 'changed') {
				const { signal, scene, before } = news;
				this.#log.info({ signal, scene, cause }, 'input');
				this.#telemetry.event('input-changed', { signal, scene, cause, before: before?.signal ?? null });
			} else if (news.kind === 'lost') {
				const why = cause === '' ? news.signal : `${news.signal}, ${cause}`;
				this.#telemetry.raise('signal-lost', 'warning', `no picture to judge: ${why}`);
			} else this.#telemetry.clear('signal-lost');
		}
	}
}
