import type { z } from 'zod';
import { alertSchema } from '../telemetry/messages/alert.ts';
import { birthSchema } from '../telemetry/messages/birth.ts';
import { examinationResultSchema } from '../telemetry/messages/examinationResult.ts';
import { healthSchema } from '../telemetry/messages/health.ts';
import { siteResultSchema } from '../telemetry/messages/siteResult.ts';
import { statusSchema } from '../telemetry/messages/status.ts';

/** What is known of one box. */
export interface FleetBox {
	box: string;
	label: string;
	/** As the box said; `lost` by its last will; `silent` when it says that it works and nothing was heard for long. */
	state: string;
	since: string;
	reason: string;
	version: string;
	model: string;
	signal: string;
	light: string;
	/** Messages that wait on the box; null before its first health. */
	pending: number | null;
	result: { at: string; kind: 'site' | 'examination'; outcome: string; site: string } | null;
	alerts: { code: string; severity: string; text: string }[];
	/** When it was last heard, not counting what the broker had retained; ISO 8601, null for never. */
	heardAt: string | null;
}

interface Known extends FleetBox {
	heardMs: number | null;
	/** First mention, from when on silence counts. */
	knownMs: number;
}

const works = new Set(['online', 'degraded']);

/** Every box of a fleet, from what comes over MQTT. Pure but for what it remembers; never throws, whatever comes. */
export class Fleet {
	readonly #level: number;
	readonly #silentMs: number;
	readonly #boxes = new Map<string, Known>();
	messages = 0;
	malformed = 0;

	/** @param silentMs a box that works is silent after so long without health */
	constructor(root: string, silentMs: number) {
		this.#level = root.split('/').length + 1;
		this.#silentMs = silentMs;
	}

	take(topic: string, payload: string, retained: boolean, nowMs: number): void {
		this.messages += 1;
		const levels = topic.split('/').slice(this.#level);
		const [id, kind, sub] = levels;
		if (!id || !kind) return;
		const box = this.#known(id, nowMs);
		if (!retained) {
			box.heardMs = nowMs;
			box.heardAt = new Date(nowMs).toISOString();
		}
		if (kind === 'alert') this.#alert(box, sub ?? '', payload);
		else if (payload === '') return;
		else if (kind === 'status')
			this.#read(statusSchema, payload, ({ status, since, reason }) =>
				Object.assign(box, { state: status, since, reason: plain(reason) }),
			);
		else if (kind === 'birth')
			this.#read(birthSchema, payload, ({ label, software, model }) =>
				Object.assign(box, {
					label: plain(label),
					version: plain(software),
					model: model ? plain(`${model.name} ${model.version}`) : '',
				}),
			);
		else if (kind === 'health')
			this.#read(healthSchema, payload, ({ vision, queue }) =>
				Object.assign(box, { signal: vision?.signal ?? '', light: vision?.guidance ?? '', pending: queue.pending }),
			);
		else if (kind === 'result') this.#result(box, sub, payload);
	}

	/** The worst first, then by name. */
	boxes(nowMs: number): FleetBox[] {
		return [...this.#boxes.values()]
			.map(({ heardMs, knownMs, ...box }) => {
				const quiet = works.has(box.state) && nowMs - (heardMs ?? knownMs) > this.#silentMs;
				return quiet ? { ...box, state: 'silent' } : box;
			})
			.sort((a, b) => rank(a) - rank(b) || a.box.localeCompare(b.box));
	}

	#known(id: string, nowMs: number): Known {
		const known = this.#boxes.get(id);
		if (known) return known;
		const made: Known = {
			...{ box: plain(id), label: '', state: 'unknown', since: '', reason: '', version: '', model: '', signal: '' },
			...{ light: '', pending: null, result: null, alerts: [], heardAt: null, heardMs: null, knownMs: nowMs },
		};
		this.#boxes.set(id, made);
		return made;
	}

	#alert(box: Known, code: string, payload: string): void {
		box.alerts = box.alerts.filter((alert) => alert.code !== plain(code));
		if (payload === '') return;
		this.#read(alertSchema, payload, ({ severity, text }) =>
			box.alerts.push({ code: plain(code), severity, text: plain(text) }),
		);
	}

	#result(box: Known, kind: string | undefined, payload: string): void {
		if (kind === 'site')
			this.#read(siteResultSchema, payload, ({ measuredAt, outcome, site }) => {
				box.result = { at: measuredAt, kind, outcome, site: plain(site) };
			});
		else if (kind === 'examination')
			this.#read(examinationResultSchema, payload, ({ measuredAt, outcome }) => {
				box.result = { at: measuredAt, kind, outcome, site: '' };
			});
	}

	#read<Schema extends z.ZodType>(schema: Schema, payload: string, use: (message: z.infer<Schema>) => void): void {
		let read: unknown;
		try {
			read = JSON.parse(payload);
		} catch {
			read = undefined;
		}
		const parsed = schema.safeParse(read);
		if (parsed.success) use(parsed.data);
		else this.malformed += 1;
	}
}

function rank({ state, alerts }: FleetBox): number {
	if (state === 'lost') return 0;
	if (state === 'silent') return 1;
	if (alerts.some(({ severity }) => severity === 'critical')) return 2;
	if (state === 'degraded' || alerts.length > 0) return 3;
	return state === 'offline' ? 5 : 4;
}

/** Without what could steer a terminal, and not endless. */
function plain(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that have to go
	return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ').slice(0, 200);
}
