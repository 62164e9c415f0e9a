import { closeSync, constants, openSync, readSync } from 'node:fs';
import { errnoName, systemCalls } from '../capture/libc.ts';
import { pollEntryBytes, pollIn, type SystemCalls } from '../capture/systemCalls.ts';
import { messageOf, PhleboxError } from '../errors.ts';
import { inputBytes, inputIoctls, inputNameBytes, inputOffsets, keyBitBytes } from './inputUapi.ts';

/** An event of a key or of the device itself. */
export interface InputEvent {
	type: number;
	code: number;
	value: number;
}

const eventsAtOnce = 64;

/** A device of the kernel's input layer, /dev/input/eventN. Never waits. */
export class InputDevice {
	readonly path: string;
	readonly #calls: SystemCalls;
	readonly #buffer = Buffer.alloc(inputBytes.input_event * eventsAtOnce);
	readonly #entry = new Uint8Array(pollEntryBytes);
	readonly #entryFields = new DataView(this.#entry.buffer);
	#file = -1;

	constructor(path: string, calls: SystemCalls = systemCalls) {
		this.path = path;
		this.#calls = calls;
	}

	get isOpen(): boolean {
		return this.#file >= 0;
	}

	/**
	 * @param grab for this process alone: what is pressed reaches no console and no other program
	 * @throws PhleboxError buttons-failed
	 */
	open(grab: boolean): void {
		this.close();
		try {
			this.#file = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
		} catch (error) {
			const code = (error as NodeJS.ErrnoException).code ?? messageOf(error);
			throw buttonsFailed(`${this.path} cannot be opened (${code})`, hintFor(code), error);
		}
		if (!grab) return;
		// The kernel looks at the argument only for being another than null.
		const result = this.#calls.ioctl(this.#file, inputIoctls.EVIOCGRAB, new Uint8Array(4));
		if (result >= 0) return;
		this.close();
		if (errnoName(-result) === 'EBUSY')
			throw buttonsFailed(`${this.path} is taken by another program (EBUSY)`, 'end it, or set grab: false');
		throw buttonsFailed(`${this.path} is no input device (${errnoName(-result)})`, hintFor('ENODEV'));
	}

	/** The device's own name. */
	get name(): string {
		const bytes = new Uint8Array(inputNameBytes);
		if (this.#calls.ioctl(this.#file, inputIoctls.EVIOCGNAME, bytes) < 0) return '';
		return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
	}

	/** Whether the device can send a key at all; true where it does not say. */
	has(code: number): boolean {
		const bits = new Uint8Array(keyBitBytes);
		if (this.#calls.ioctl(this.#file, inputIoctls.EVIOCGBIT_KEY, bits) < 0) return true;
		return ((bits[code >> 3]! >> (code & 7)) & 1) === 1;
	}

	/** What has happened since the last call. @throws PhleboxError buttons-failed, when the device is gone */
	read(): InputEvent[] {
		const events: InputEvent[] = [];
		while (this.#ready()) {
			let bytes: number;
			try {
				bytes = readSync(this.#file, this.#buffer);
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'EAGAIN') break;
				throw this.#gone((error as NodeJS.ErrnoException).code ?? messageOf(error));
			}
			if (bytes === 0) throw this.#gone('end of file');
			const { type, code, value } = inputOffsets.input_event;
			for (let at = 0; at + inputBytes.input_event <= bytes; at += inputBytes.input_event)
				events.push({
					type: this.#buffer.readUInt16LE(at + type),
					code: this.#buffer.readUInt16LE(at + code),
					value: this.#buffer.readInt32LE(at + value),
				});
			if (bytes < this.#buffer.length) break;
		}
		return events;
	}

	/** May be called at any time; gives the device back to the others. */
	close(): void {
		if (this.#file < 0) return;
		const file = this.#file;
		this.#file = -1;
		try {
			closeSync(file);
		} catch {
			// The device is gone, and the file with it.
		}
	}

	/** Asked first, because a read that finds nothing throws, which costs more than the asking. */
	#ready(): boolean {
		this.#entryFields.setInt32(0, this.#file, true);
		this.#entryFields.setInt16(4, pollIn, true);
		this.#entryFields.setInt16(6, 0, true);
		return this.#calls.poll(this.#entry, 1, 0) > 0;
	}

	#gone(why: string): PhleboxError {
		this.close();
		return buttonsFailed(`${this.path} is gone (${why})`, 'plug it in again; it is looked for meanwhile');
	}
}

function hintFor(code: string): string {
	return code === 'EACCES' || code === 'EPERM'
		? 'this user may not read it (docs/install.md: udev rule)'
		: 'check buttons.devices (`ls /dev/input/by-id`)';
}

function buttonsFailed(what: string, todo: string, cause?: unknown): PhleboxError {
	return new PhleboxError('buttons-failed', `buttons: ${what}; ${todo}`, { cause });
}
