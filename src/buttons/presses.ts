/** What a button asks for. */
export const buttonActions = ['next', 'side', 'cancel', 'dim'] as const;
export type ButtonAction = (typeof buttonActions)[number];

export interface PressRules {
	/** What each key asks for, by its code. */
	actions: ReadonlyMap<number, ButtonAction>;
	/** A key that bounces is one press: what follows its last change sooner than this is none. Milliseconds. */
	bounceMs: number;
	/** `cancel` has to be held for this long: nobody gives an examination up by brushing against a pedal. Milliseconds. */
	holdMs: number;
}

interface Key {
	down: boolean;
	changedMs: number;
	/** The press that goes on was answered. */
	done: boolean;
}

/** Makes actions of the ups and downs of keys. Reads no clock. */
export class Presses {
	readonly #rules: PressRules;
	readonly #keys = new Map<number, Key>();

	constructor(rules: PressRules) {
		this.#rules = rules;
	}

	/** A key went down or up. @returns what it asks for at once, or null */
	change(code: number, down: boolean, nowMs: number): ButtonAction | null {
		const action = this.#rules.actions.get(code);
		if (action === undefined) return null;
		const key = this.#keys.get(code) ?? { down: false, changedMs: Number.NEGATIVE_INFINITY, done: false };
		this.#keys.set(code, key);
		if (key.down === down) return null;
		const bounced = nowMs - key.changedMs < this.#rules.bounceMs;
		key.down = down;
		key.changedMs = nowMs;
		if (!down) return null;
		if (bounced) return null;
		key.done = action !== 'cancel';
		return key.done ? action : null;
	}

	/** Time has passed. @returns what is held for long enough now, or null; asked again and again */
	held(nowMs: number): ButtonAction | null {
		for (const [code, key] of this.#keys) {
			if (!key.down || key.done || nowMs - key.changedMs < this.#rules.holdMs) continue;
			key.done = true;
			return this.#rules.actions.get(code)!;
		}
		return null;
	}

	/** Nobody knows which keys are down: the device is gone, or events were lost. */
	forget(): void {
		this.#keys.clear();
	}
}
