import { closeSync } from 'node:fs';
import koffi from 'koffi';

const unixFamily = 1;
const datagramCloseOnExec = 2 | 0o2000000;
const dontWaitNoSignal = 0x40 | 0x4000;
/** sun_path of struct sockaddr_un, which follows two bytes of family. */
const pathBytes = 108;

/**
 * The service manager's ear (systemd's sd_notify protocol): a datagram with lines such as `READY=1`. Node has no datagram
 * sockets in the file system, so the three calls are made here.
 */
export class ServiceManager {
	readonly #address: Uint8Array | null;
	readonly #length: number;
	/** How often it wants a sign of life, milliseconds; null where it wants none. */
	readonly watchdogMs: number | null;
	#calls: ReturnType<typeof bind> | null = null;

	/** Looks at the environment of the process: systemd sets it. Not run as a service, it does nothing. */
	constructor(environment: NodeJS.ProcessEnv = process.env, pid = process.pid) {
		const path = environment.NOTIFY_SOCKET ?? '';
		const bytes = new TextEncoder().encode(path);
		const known = (path.startsWith('/') || path.startsWith('@')) && bytes.length < pathBytes;
		this.#address = known ? address(bytes) : null;
		this.#length = 2 + bytes.length;
		const forThis = environment.WATCHDOG_PID === undefined || environment.WATCHDOG_PID === String(pid);
		const microseconds = Number(environment.WATCHDOG_USEC);
		this.watchdogMs = this.#address && forThis && microseconds > 0 ? microseconds / 1000 : null;
	}

	/** The box runs as a service that is listened to. */
	get listens(): boolean {
		return this.#address !== null;
	}

	/** The box works. */
	ready(status: string): void {
		this.#send(`READY=1\nSTATUS=${status}`);
	}

	/** One line for `systemctl status`. */
	status(text: string): void {
		this.#send(`STATUS=${text.replaceAll('\n', ' ')}`);
	}

	/** A sign of life. */
	alive(): void {
		this.#send('WATCHDOG=1');
	}

	stopping(): void {
		this.#send('STOPPING=1');
	}

	/** @returns whether it went out; that it does not is the manager's fault, and the manager finds out by itself */
	#send(lines: string): boolean {
		if (!this.#address) return false;
		this.#calls ??= bind();
		const socket = this.#calls.socket(unixFamily, datagramCloseOnExec, 0);
		if (socket < 0) return false;
		try {
			const bytes = new TextEncoder().encode(lines);
			return this.#calls.sendto(socket, bytes, bytes.length, dontWaitNoSignal, this.#address, this.#length) >= 0;
		} finally {
			closeSync(socket);
		}
	}
}

function address(path: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(2 + pathBytes);
	bytes[0] = unixFamily;
	bytes.set(path, 2);
	// An abstract name begins with a zero byte, which is written as @.
	if (bytes[2] === 0x40) bytes[2] = 0;
	return bytes;
}

function bind() {
	const library = koffi.load(null);
	return {
		socket: library.func('int socket(int, int, int)'),
		sendto: library.func('intptr_t sendto(int, void *, size_t, int, void *, unsigned int)'),
	};
}
