import { closeSync, constants, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import koffi from 'koffi';

// linux/uinput.h: the kernel takes these requests' numbers in place of a pointer.
const ioctl = koffi.load(null).func('int ioctl(int, unsigned long, long)');
const [setEvent, setKey, create] = [0x40045564, 0x40045565, 0x5501];
/** struct uinput_user_dev: 80 bytes of name, then bus, vendor, product, version. */
const deviceBytes = 1116;

/** A key pad whose hardware is this process (`/dev/uinput`): it appears as an input device like any other. */
export class KeyPad {
	/** Such as /dev/input/event2. */
	readonly device: string;
	readonly #file: number;

	/** @param keys codes of the keys that it has */
	constructor(name: string, keys: readonly number[]) {
		this.#file = openSync('/dev/uinput', constants.O_WRONLY | constants.O_NONBLOCK);
		this.#ask(setEvent, 1);
		for (const key of keys) this.#ask(setKey, key);
		const device = Buffer.alloc(deviceBytes);
		device.write(name, 0, 79, 'latin1');
		device.writeUInt16LE(3, 80);
		writeSync(this.#file, device);
		this.#ask(create, 0);
		const event = readdirSync('/sys/class/input').find(
			(entry) =>
				entry.startsWith('event') && readFileSync(`/sys/class/input/${entry}/device/name`, 'utf8').trim() === name,
		);
		if (event === undefined) throw new Error(`no input device named ${name}`);
		this.device = `/dev/input/${event}`;
	}

	/** @param down 1 down, 0 up */
	send(key: number, down: 0 | 1): void {
		const bytes = Buffer.alloc(48);
		bytes.writeUInt16LE(1, 16);
		bytes.writeUInt16LE(key, 18);
		bytes.writeInt32LE(down, 20);
		writeSync(this.#file, bytes);
	}

	press(key: number): void {
		this.send(key, 1);
		this.send(key, 0);
	}

	unplug(): void {
		closeSync(this.#file);
	}

	#ask(request: number, value: number): void {
		if (ioctl(this.#file, request, value) < 0) throw new Error(`uinput refuses ${request.toString(16)} ${value}`);
	}
}
