import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { answerControl, type UsbDevice } from './usbDevice.ts';

const host = '/sys/devices/platform/vhci_hcd.0';
const headBytes = 48;
/** Commands of the protocol (Documentation/usb/usbip_protocol.rst of the kernel's source). */
const command = { submit: 1, unlink: 2, submitted: 3, unlinked: 4 } as const;
const stall = -32;
const unlinked = -104;

/** An emulated USB device in a socket of the kernel's virtual host controller (module vhci-hcd), plugged in and pulled out. */
export class UsbPlug {
	readonly #device: UsbDevice;
	/** Transfers that wait for the device, by their numbers. */
	readonly #waiting = new Map<number, Buffer>();
	#port = -1;
	#bus: Socket | null = null;
	#kernel: Socket | null = null;
	#came = Buffer.alloc(0);

	constructor(device: UsbDevice) {
		this.#device = device;
	}

	async plug(): Promise<void> {
		// Of the accepted side nobody but the kernel may ever read a byte.
		const server = createServer({ pauseOnConnect: true });
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const bus = connect((server.address() as AddressInfo).port, '127.0.0.1');
		const [[kernel]] = (await Promise.all([once(server, 'connection'), once(bus, 'connect')])) as unknown as [[Socket]];
		server.close();
		const { fd } = (kernel as unknown as { _handle: { fd: number } })._handle;
		bus.setNoDelay(true);
		bus.on('data', (bytes) => this.#read(bytes));
		bus.on('error', () => undefined);
		kernel.on('error', () => undefined);
		this.#bus = bus;
		this.#kernel = kernel;
		this.#port = freePort(this.#device.speed);
		writeFileSync(`${host}/attach`, `${this.#port} ${fd} ${0x10002} ${this.#device.speed}`);
	}

	pull(): void {
		if (this.#port < 0) return;
		writeFileSync(`${host}/detach`, `${this.#port}`);
		this.#port = -1;
		this.#bus?.destroy();
		this.#kernel?.destroy();
		this.#came = Buffer.alloc(0);
		this.#waiting.clear();
	}

	/** Asks the device again for what it had nothing for. */
	look(): void {
		for (const [number, head] of this.#waiting) if (this.#transfer(head, Buffer.alloc(0))) this.#waiting.delete(number);
	}

	#read(bytes: Buffer): void {
		this.#came = Buffer.concat([this.#came, bytes]);
		while (this.#came.length >= headBytes) {
			const head = this.#came.subarray(0, headBytes);
			const out = head.readUInt32BE(0) === command.submit && head.readUInt32BE(12) === 0;
			const whole = headBytes + (out ? head.readInt32BE(24) : 0);
			if (this.#came.length < whole) return;
			const data = this.#came.subarray(headBytes, whole);
			this.#came = this.#came.subarray(whole);
			if (head.readUInt32BE(0) === command.unlink) this.#unlink(head);
			else if (!this.#transfer(head, data)) this.#waiting.set(head.readUInt32BE(4), Buffer.from(head));
		}
	}

	/** @returns whether it was answered */
	#transfer(head: Buffer, data: Buffer): boolean {
		const incoming = head.readUInt32BE(12) === 1;
		const endpoint = head.readUInt32BE(16);
		const length = head.readInt32BE(24);
		let answer: Uint8Array | null;
		if (endpoint === 0) {
			const setup = head.subarray(40, 48);
			const words = { value: setup.readUInt16LE(2), index: setup.readUInt16LE(4), length: setup.readUInt16LE(6) };
			answer = answerControl(this.#device, { requestType: setup[0]!, request: setup[1]!, ...words }, data);
			this.#answer(head, answer ? 0 : stall, answer ?? new Uint8Array(0), incoming, data.length);
			return true;
		}
		answer = this.#device.transfer?.(endpoint, incoming, data, length) ?? null;
		if (!answer) return false;
		this.#answer(head, 0, answer, incoming, data.length);
		return true;
	}

	#answer(head: Buffer, status: number, data: Uint8Array, incoming: boolean, sent: number): void {
		const reply = Buffer.alloc(headBytes);
		reply.writeUInt32BE(command.submitted, 0);
		head.copy(reply, 4, 4, 8);
		reply.writeInt32BE(status, 20);
		reply.writeInt32BE(status !== 0 ? 0 : incoming ? data.length : sent, 24);
		this.#bus?.write(incoming && status === 0 ? Buffer.concat([reply, data]) : reply);
	}

	#unlink(head: Buffer): void {
		const was = this.#waiting.delete(head.readUInt32BE(20));
		const reply = Buffer.alloc(headBytes);
		reply.writeUInt32BE(command.unlinked, 0);
		head.copy(reply, 4, 4, 8);
		reply.writeInt32BE(was ? unlinked : 0, 20);
		this.#bus?.write(reply);
	}
}

/** A socket of the controller that nothing is plugged into; those of `hs` take full and high speed. */
function freePort(speed: UsbDevice['speed']): number {
	const file = readdirSync(host).find((name) => name === 'status');
	const lines = file ? readFileSync(`${host}/${file}`, 'utf8').split('\n') : [];
	for (const line of lines) {
		const [hub, port, state] = line.trim().split(/\s+/);
		// VDEV_ST_NULL
		if (hub === 'hs' && state === '004') return Number(port);
	}
	throw new Error(`vhci_hcd has no free socket for speed ${speed}: ${lines.join(' | ')}`);
}
