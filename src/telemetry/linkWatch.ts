import { monotonicMs } from '../clock.ts';
import type { AlertBell } from './alerts.ts';
import { causeAlerts } from './link/linkCause.ts';
import type { LinkState } from './link.ts';
import type { TelemetryParts } from './telemetryParts.ts';

/** What the connection to the broker says, as alerts and as lines of the log. */
export class LinkWatch {
	readonly #bell: AlertBell;
	readonly #log: TelemetryParts['log'];
	readonly #unreachableMs: number;
	/** Why the broker refuses messages, and why the connection; each null where it does not. */
	#refusal: { link: string | null; messages: string | null } = { link: null, messages: null };
	/** When the broker went out of reach, monotonic; null while it is not. */
	#outOfReachMs: number | null = null;
	#line = '';

	/** @param unreachableMs so long out of reach is an alert */
	constructor(bell: AlertBell, log: TelemetryParts['log'], unreachableMs: number) {
		this.#bell = bell;
		this.#log = log;
		this.#unreachableMs = unreachableMs;
	}

	/** @returns whether the broker has just come into reach */
	see(state: LinkState): boolean {
		const { phase, reason, cause, needsMending } = state;
		if (phase === 'connecting' || phase === 'stopped') return false;
		for (const [named, code] of Object.entries(causeAlerts))
			if (named !== 'refused' && named !== cause) this.#bell.clear(code);
		if (cause !== null && cause !== 'unreachable' && cause !== 'refused')
			this.#bell.raise(causeAlerts[cause], 'warning', reason);
		this.#refused({ link: cause === 'refused' && needsMending ? reason : null });
		if (phase !== 'online') {
			this.#outOfReachMs ??= monotonicMs();
			// Once for each reason, not for each try.
			if (reason !== this.#line) this.#log.warn({ link: phase }, reason);
			this.#line = reason;
			return false;
		}
		this.#outOfReachMs = null;
		this.#line = '';
		return true;
	}

	/** @param reason why the broker takes no messages; null once it does */
	refused(reason: string | null): void {
		this.#refused({ messages: reason });
	}

	/** To be called now and then: a broker that is out of reach for long is an alert. */
	tick(): void {
		if (this.#outOfReachMs !== null && monotonicMs() - this.#outOfReachMs >= this.#unreachableMs)
			this.#bell.raise('broker-unreachable', 'warning', this.#line);
	}

	#refused(change: Partial<{ link: string | null; messages: string | null }>): void {
		this.#refusal = { ...this.#refusal, ...change };
		const reason = this.#refusal.link ?? this.#refusal.messages;
		if (reason === null) this.#bell.clear('broker-refused');
		else this.#bell.raise('broker-refused', 'warning', reason);
	}
}
