import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs, wallClockOf } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { ExamRecord } from '../exam/record.ts';
import { type AlertBell, Alerts, type RaisedAlert } from './alerts.ts';
import { ExamReporter } from './examReporter.ts';
import { type HostFacts, hostFacts } from './health/hostFacts.ts';
import { HealthFigures } from './health.ts';
import type { Inbound } from './link/inbound.ts';
import { certificateEnd } from './link/tlsFiles.ts';
import { Link, type LinkState } from './link.ts';
import { LinkWatch } from './linkWatch.ts';
import type { Severity } from './messages/alert.ts';
import { type AlertCode, alertCodeWords } from './messages/alertCodes.ts';
import type { Birth } from './messages/birth.ts';
import { catalogue, type MessageName } from './messages/catalogue.ts';
import type { Reported } from './messages/desired.ts';
import type { EventMessage } from './messages/event.ts';
import { schemaVersion } from './messages/fields.ts';
import type { Health } from './messages/health.ts';
import type { JobStatus } from './messages/job.ts';
import type { Status, StatusWord } from './messages/status.ts';
import { LevelOutbox } from './outbox/levelOutbox.ts';
import { PatientOutbox } from './outbox/patientOutbox.ts';
import type { Draft, Outbox } from './outbox.ts';
import type { Reply } from './remote/commandCenter.ts';
import { type LogInput, LogPublisher } from './remote/logPublisher.ts';
import { Remote } from './remote/remote.ts';
import { Retained } from './retained.ts';
import { Sender } from './sender.ts';
import { judgeCertificate, judgeQueue } from './standingAlerts.ts';
import type { TelemetryOptions } from './telemetryOptions.ts';
import { refusedOf, type TelemetryParts, type TelemetryState } from './telemetryParts.ts';

/** How long the last `offline` and the goodbye may take beyond the draining, milliseconds. */
const farewellMs = 1000;

/**
 * What the box tells the world. Stores first, then sends: a record or event is on disk before it is offered to the
 * broker. Nothing here throws once it is started; what goes wrong becomes an alert and a line in the log.
 */
export class Telemetry implements AlertBell {
	readonly #options: TelemetryOptions;
	readonly #parts: TelemetryParts;
	readonly #outbox: Outbox;
	readonly #link: Link;
	readonly #sender: Sender;
	readonly #retained = new Retained();
	readonly #alerts = new Alerts();
	readonly #watch: LinkWatch;
	readonly #health: HealthFigures;
	readonly #exams: ExamReporter;
	readonly #remote: Remote | null;
	readonly #logs: LogPublisher;
	#label: string;
	#healthMs: number;
	readonly #startedAt = new Date().toISOString();
	readonly #appending = new Set<Promise<void>>();
	#host!: HostFacts;
	#lastHealth: Health | null = null;
	#model: Birth['model'] = null;
	#status: Omit<Status, 'schema' | 'boot'> = { status: 'starting', since: this.#startedAt, reason: '' };
	#lost = 0;
	#timer: NodeJS.Timeout | null = null;
	#stopped: Promise<void> | null = null;
	#collecting: Promise<void> = Promise.resolve();

	/** @throws PhleboxError config-invalid */
	constructor(options: TelemetryOptions, parts: TelemetryParts) {
		this.#options = options;
		this.#parts = parts;
		this.#label = options.label;
		this.#healthMs = options.health.intervalMs;
		this.#watch = new LinkWatch(this, parts.log, options.unreachableMs);
		const store = new LevelOutbox(options.store, (line) => this.#onDamage(line));
		this.#outbox = new PatientOutbox(store, options.store, (trouble) => this.#onStoreTrouble(trouble));
		const prefix = `${options.root}/v1/${options.box}`;
		this.#remote = parts.remote
			? new Remote(prefix, options.store.folder, parts.remote, {
					reply: (reply, to) => void this.#reply(reply, to),
					event: (event, details) => this.event(event, details),
					logs: (seconds, level) => this.#logs.request(seconds, level),
					resend: (ids) => this.#resend(ids),
					log: parts.log,
				})
			: null;
		this.#link = new Link(
			{ ...options.link, clientId: options.box },
			{
				will: () => ({ topic: `${prefix}/status`, payload: JSON.stringify(this.#will()) }),
				onState: (state) => this.#onLink(state),
				...(this.#remote && { inbound: this.#remote.inbound }),
			},
		);
		this.#logs = new LogPublisher((line) => {
			if (this.#link.state.phase === 'online') void this.#publish('logLine', { boot: this.#outbox.boot, ...line });
		});
		this.#sender = new Sender(this.#outbox, this.#link, this.#retained, options.sender, {
			prefix,
			onRefused: (reason) => this.#watch.refused(reason),
			onSetAside: (entry, reason) => {
				this.#parts.log.error({ id: entry.id, topic: entry.topic }, reason);
				const count = this.#outbox.aside();
				this.raise('message-set-aside', 'warning', `${count} set aside, the last on ${entry.topic}: ${reason}`);
			},
		});
		this.#exams = new ExamReporter(parts.board);
		this.#health = new HealthFigures(options.health, {
			...{ outbox: this.#outbox, folder: options.store.folder, board: parts.board, ready: parts.ready },
			input: parts.inputHistory ?? (() => null),
		});
	}

	/**
	 * Opens the store and begins to connect; does not wait for the broker.
	 * @param signal stops telemetry when it is aborted
	 * @throws PhleboxError store-failed, when the folder cannot be used or belongs to another process
	 */
	async start(signal?: AbortSignal): Promise<void> {
		this.#host = await hostFacts();
		await this.#outbox.open();
		await this.#remote?.open();
		this.#publishStatus();
		this.announce();
		// What the last life of this box left raised at the broker.
		for (const code of alertCodeWords) if (!this.#alerts.get(code)) this.#retained.set(`alert/${code}`, null);
		if (this.#options.enabled) {
			this.#link.start();
			this.#sender.start();
		}
		this.#timer = setInterval(() => this.#tick(), this.#healthMs);
		signal?.addEventListener('abort', () => void this.stop(), { once: true });
	}

	/** Tries for `drainMs` to bring everything to the broker, says `offline`, closes link and store. */
	stop(): Promise<void> {
		this.#stopped ??= this.#farewell();
		return this.#stopped;
	}

	/** Stores what the exam recorded and sends it. A record that cannot be kept raises `results-lost`. */
	record(record: ExamRecord): void {
		const { input, software } = this.#parts;
		const { name, payload } = this.#exams.message(record, { input, software, model: this.#modelNow() });
		this.#store(name, payload);
	}

	/** Adds to the audit trail. */
	event(event: string, details: EventMessage['details'] = {}): void {
		const measuredAt = wallClockOf(monotonicMs());
		this.#store('event', { schema: schemaVersion, id: this.#exams.nextId(), measuredAt, event, details });
	}

	/** How far a job has come. */
	jobStatus(news: Pick<JobStatus, 'job' | 'status' | 'percent' | 'step' | 'reason' | 'model'>): void {
		const measuredAt = wallClockOf(monotonicMs());
		const topic = catalogue.jobStatus.topic.replace('{job}', news.job);
		this.#store('jobStatus', { schema: schemaVersion, id: this.#exams.nextId(), measuredAt, ...news }, topic);
	}

	/** @param reason one line, empty when there is nothing to say */
	setStatus(status: StatusWord, reason: string): void {
		if (this.#status.status === status && this.#status.reason === reason) return;
		this.#status = { status, since: new Date().toISOString(), reason };
		this.#publishStatus();
	}

	/** Publishes the birth message again: to be called when what runs in the vision thread has changed. */
	announce(): void {
		const ready = this.#parts.ready();
		const birth: Birth = {
			schema: schemaVersion,
			boot: this.#outbox.boot,
			startedAt: this.#startedAt,
			software: this.#parts.software,
			label: this.#label,
			input: this.#parts.input,
			source: ready?.source ?? '',
			...this.#host,
			model: this.#modelNow(),
			provider: ready?.model.provider ?? '',
			providersRefused: refusedOf(ready),
			sites: [...this.#parts.sites],
			capabilities: this.#remote ? ['commands', 'desired', ...(this.#parts.remote?.job ? ['jobs'] : [])] : [],
		};
		this.#retain(catalogue.birth.topic, birth);
	}

	/** @param text one line: what is wrong and what to do */
	raise(code: AlertCode, severity: Severity, text: string): void {
		if (!this.#alerts.raise(code, severity, text)) return;
		this.#parts.log.warn({ alert: code, severity }, text);
		this.#publishAlert(code);
	}

	clear(code: AlertCode): void {
		if (!this.#alerts.clear(code)) return;
		this.#parts.log.info({ alert: code }, 'alert cleared');
		this.#publishAlert(code);
	}

	/** Takes over what needs no new connection. */
	change({ label, healthMs }: { label: string; healthMs: number }): void {
		if (label !== this.#label) {
			this.#label = label;
			this.announce();
		}
		if (healthMs === this.#healthMs) return;
		this.#healthMs = healthMs;
		if (!this.#timer) return;
		clearInterval(this.#timer);
		this.#timer = setInterval(() => this.#tick(), healthMs);
	}

	/** What is in force of the configuration that was asked for over MQTT. */
	report(reported: Omit<Reported, 'schema' | 'boot'>): void {
		this.#retain(catalogue.reported.topic, { schema: schemaVersion, boot: this.#outbox.boot, ...reported });
	}

	/** A line of the log, for whoever asked for them. */
	logLine(line: LogInput): void {
		this.#logs.take(line);
	}

	/** What is wrong now. */
	alerts(): RaisedAlert[] {
		return this.#alerts.list();
	}

	/** The last health message; null before the first. */
	health(): Health | null {
		return this.#lastHealth;
	}

	state(): TelemetryState {
		return {
			link: this.#link.state,
			pending: this.#outbox.pending(),
			waiting: this.#outbox.waiting(),
			setAside: this.#outbox.aside(),
			boot: this.#outbox.boot,
		};
	}

	async #farewell(): Promise<void> {
		if (!this.#timer) return;
		clearInterval(this.#timer);
		if (this.#status.status !== 'stopping') this.setStatus('stopping', '');
		const deadline = performance.now() + this.#options.drainMs;
		const leftMs = () => Math.max(0, deadline - performance.now());
		await Promise.race([Promise.allSettled([...this.#appending]), sleep(leftMs(), undefined, { ref: false })]);
		await this.#collecting;
		if (this.#options.enabled) {
			await this.#sender.drain(leftMs());
			this.setStatus('offline', '');
			await this.#sender.drain(farewellMs);
			await this.#link.stop();
			await this.#sender.stop();
		}
		await this.#outbox.close();
	}

	#store(
		name: MessageName,
		payload: Draft['payload'] & { id: string; measuredAt: string },
		topic: string = catalogue[name].topic,
	): void {
		const draft = { id: payload.id, topic, qos: 1 as const, payload, createdAt: payload.measuredAt };
		const appended: Promise<void> = this.#outbox
			.append(draft)
			.then(
				() => this.#sender.wake(),
				(error: unknown) => {
					this.#lost += 1;
					// The journal is the last place in which the message can be kept.
					this.#parts.log.error({ lost: { topic, ...payload } }, messageOf(error));
					this.raise('results-lost', 'critical', `${this.#lost} messages could not be kept: ${messageOf(error)}`);
				},
			)
			.finally(() => this.#appending.delete(appended));
		this.#appending.add(appended);
	}

	async #reply(reply: Reply, { responseTopic, correlationData }: Pick<Inbound, 'responseTopic' | 'correlationData'>) {
		const own = `${this.#options.root}/v1/${this.#options.box}/${catalogue.commandReply.topic}`;
		const topic = responseTopic?.startsWith(`${own}/`) && !/[+#\0]/.test(responseTopic) ? responseTopic : own;
		const at = new Date().toISOString();
		const payload = JSON.stringify({ schema: schemaVersion, boot: this.#outbox.boot, ...reply, at });
		const message = { topic, payload, qos: 1 as const, retain: false, ...(correlationData && { correlationData }) };
		await this.#link.publish(message).catch((error: unknown) => {
			this.#parts.log.warn({ command: reply.id }, `its reply could not be sent: ${messageOf(error)}`);
		});
	}

	async #resend(ids: readonly string[] | null): Promise<{ messages: number }> {
		const seqs = ids && (await this.#outbox.asideEntries()).filter(({ id }) => ids.includes(id)).map(({ seq }) => seq);
		const messages = await this.#outbox.resend(seqs);
		if (this.#outbox.aside() === 0) this.clear('message-set-aside');
		this.#sender.wake(true);
		return { messages };
	}

	async #publish(name: 'health' | 'logLine', message: object): Promise<void> {
		const { qos, retained, expiryIntervals, topic } = catalogue[name];
		await this.#link
			.publish({
				topic: `${this.#options.root}/v1/${this.#options.box}/${topic}`,
				payload: JSON.stringify({ schema: schemaVersion, ...message }),
				qos,
				retain: retained,
				expirySeconds: (expiryIntervals * this.#healthMs) / 1000,
			})
			.catch((error: unknown) => {
				// QoS 0: the next one says the same again.
				this.#parts.log.info(`no ${name} message: ${messageOf(error)}`);
			});
	}

	#retain(topic: string, document: object | null): void {
		this.#retained.set(topic, document);
		this.#sender.wake();
	}

	#publishStatus(): void {
		this.#retain(catalogue.status.topic, { schema: schemaVersion, boot: this.#outbox.boot, ...this.#status });
	}

	#publishAlert(code: AlertCode): void {
		const alert = this.#alerts.get(code);
		this.#retain(`alert/${code}`, alert && { schema: schemaVersion, boot: this.#outbox.boot, ...alert });
	}

	#will(): Status {
		const since = new Date().toISOString();
		const reason = 'the connection broke without a goodbye';
		return { schema: schemaVersion, boot: this.#outbox.boot, status: 'lost', since, reason };
	}

	/** The model in use, or the last one: records of a thread that just died are its. */
	#modelNow(): Birth['model'] {
		const ready = this.#parts.ready();
		if (ready) this.#model = { name: ready.model.name, version: ready.model.version, sha256: ready.model.sha256 };
		return this.#model;
	}

	#onLink(state: LinkState): void {
		if (!this.#watch.see(state)) return;
		this.#parts.log.info({ link: state.phase, protocolVersion: this.#link.protocolVersion }, this.#link.broker);
		this.clear('broker-unreachable');
		this.#retained.touchAll();
		this.#sender.wake(true);
	}

	#onStoreTrouble(trouble: { code: string; line: string } | null): void {
		if (trouble) {
			this.raise(trouble.code === 'store-full' ? 'store-full' : 'store-failed', 'critical', trouble.line);
			return;
		}
		this.clear('store-full');
		this.clear('store-failed');
		// A store that could not be opened before has told which boot this is.
		this.#publishStatus();
		this.announce();
	}

	#onDamage(line: string): void {
		this.raise('store-damaged', 'warning', line);
	}

	#tick(): void {
		this.#watch.tick();
		void this.#checkCertificate();
		void this.#dropOldAside().catch((error: unknown) => this.#parts.log.warn(messageOf(error)));
		this.#collecting = this.#publishHealth().catch((error: unknown) => {
			// QoS 0: the next message says the same again.
			this.#parts.log.info(`no health message: ${messageOf(error)}`);
		});
	}

	/** What the broker will never take is kept for long, not for ever; its text stays in the journal. */
	async #dropOldAside(): Promise<void> {
		for (const entry of await this.#outbox.dropAside(Date.now() - this.#options.keepAsideMs)) {
			this.#parts.log.warn({ dropped: entry }, 'a message that was set aside long ago is dropped');
			this.event('message-dropped', { message: entry.id, topic: entry.topic, reason: entry.reason });
		}
	}

	async #checkCertificate(): Promise<void> {
		const { certificateWarnMs, link } = this.#options;
		judgeCertificate(this, await certificateEnd(link.tls), link.tls.certFile, certificateWarnMs);
	}

	async #publishHealth(): Promise<void> {
		const health = await this.#health.collect();
		this.#lastHealth = health;
		judgeQueue(this, this.#outbox.filled(), health.queue.oldestAgeMs, this.#options.overdueMs);
		if (health.clock.jumpMs !== 0) this.event('clock-jumped', { byMs: health.clock.jumpMs });
		if (this.#link.state.phase === 'online') await this.#publish('health', health);
	}
}
