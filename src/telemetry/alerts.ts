import type { Alert, Severity } from './messages/alert.ts';
import type { AlertCode } from './messages/alertCodes.ts';

export type RaisedAlert = Pick<Alert, 'code' | 'severity' | 'since' | 'text'>;

/** Where alerts are raised and cleared. */
export interface AlertBell {
	/** @param text one line: what is wrong and what to do */
	raise(code: AlertCode, severity: Severity, text: string): void;
	clear(code: AlertCode): void;
}

/** What is wrong now. One alert a code; raising it again changes its text, not since when it stands. */
export class Alerts {
	readonly #raised = new Map<AlertCode, RaisedAlert>();

	/** Returns whether anything changed. */
	raise(code: AlertCode, severity: Severity, text: string): boolean {
		const before = this.#raised.get(code);
		if (before?.severity === severity && before.text === text) return false;
		this.#raised.set(code, { code, severity, since: before?.since ?? new Date().toISOString(), text });
		return true;
	}

	/** Returns whether it was raised. */
	clear(code: AlertCode): boolean {
		return this.#raised.delete(code);
	}

	get(code: AlertCode): RaisedAlert | null {
		return this.#raised.get(code) ?? null;
	}

	list(): RaisedAlert[] {
		return [...this.#raised.values()];
	}
}
