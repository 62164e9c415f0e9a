import type { SystemCalls } from '../capture/systemCalls.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { PhleboxError } from '../errors.ts';
import { InputDevice } from './inputDevice.ts';
import { inputConstants } from './inputUapi.ts';
import { keyCode } from './keyNames.ts';
import { type ButtonAction, buttonActions, Presses } from './presses.ts';

type DeviceConfig = Config['buttons']['devices'][number];

export interface ButtonsListener {
	pressed(action: ButtonAction): void;
	/** A device cannot be read, or with a null works again. Told on changes only. */
	failed(device: string, failure: string | null): void;
}

const bounceMs = 40;
const lookMs = 20;
const reopenMs = 1000;

/** What the keys of a device ask for, by their codes. */
export function actionsOf(device: DeviceConfig): Map<number, ButtonAction> {
	const actions = new Map<number, ButtonAction>();
	for (const action of buttonActions) {
		const code = device[action] === undefined ? undefined : keyCode(device[action]);
		if (code !== undefined) actions.set(code, action);
	}
	return actions;
}

interface Entry {
	readonly config: DeviceConfig;
	readonly device: InputDevice;
	readonly presses: Presses;
	/** When it is tried again. */
	retryMs: number;
	failure: string | null;
}

/** The buttons of the box: input devices that are looked at every now and then, and opened again when they come back. */
export class Buttons {
	readonly #entries: readonly Entry[];
	readonly #listener: ButtonsListener;
	#timer: NodeJS.Timeout | null = null;

	constructor({ devices, holdMs }: Config['buttons'], listener: ButtonsListener, calls?: SystemCalls) {
		this.#entries = devices.map((config) => ({
			config,
			device: new InputDevice(config.device, calls),
			presses: new Presses({ actions: actionsOf(config), bounceMs, holdMs }),
			retryMs: Number.NEGATIVE_INFINITY,
			failure: null,
		}));
		this.#listener = listener;
	}

	start(): void {
		if (this.#entries.length > 0) this.#timer = setInterval(() => this.#look(), lookMs);
	}

	stop(): void {
		if (this.#timer) clearInterval(this.#timer);
		this.#timer = null;
		for (const { device } of this.#entries) device.close();
	}

	#look(): void {
		const nowMs = monotonicMs();
		for (const entry of this.#entries) {
			try {
				if (!entry.device.isOpen && !this.#open(entry, nowMs)) continue;
				this.#read(entry, nowMs);
			} catch (error) {
				if (!(error instanceof PhleboxError)) throw error;
				this.#fail(entry, error.message, nowMs);
			}
		}
	}

	#open(entry: Entry, nowMs: number): boolean {
		if (nowMs < entry.retryMs) return false;
		entry.retryMs = nowMs + reopenMs;
		entry.device.open(entry.config.grab);
		entry.presses.forget();
		if (entry.failure !== null) this.#listener.failed(entry.config.device, null);
		entry.failure = null;
		return true;
	}

	#read({ device, presses }: Entry, nowMs: number): void {
		for (const { type, code, value } of device.read()) {
			if (type === inputConstants.EV_SYN && code === inputConstants.SYN_DROPPED) presses.forget();
			// 2 is a key that repeats itself because it is held.
			if (type !== inputConstants.EV_KEY || value === 2) continue;
			const action = presses.change(code, value === 1, nowMs);
			if (action !== null) this.#listener.pressed(action);
		}
		const action = presses.held(nowMs);
		if (action !== null) this.#listener.pressed(action);
	}

	#fail(entry: Entry, failure: string, nowMs: number): void {
		entry.retryMs = nowMs + reopenMs;
		entry.presses.forget();
		if (entry.failure === failure) return;
		entry.failure = failure;
		this.#listener.failed(entry.config.device, failure);
	}
}
