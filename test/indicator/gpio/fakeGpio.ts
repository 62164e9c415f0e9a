import { constants } from 'node:os';
import type { SystemCalls } from '../../../src/capture/systemCalls.ts';
import { gpioFlags, gpioIoctls, gpioOffsets } from '../../../src/indicator/gpio/gpioUapi.ts';

const chipDescriptor = 900;
const linesDescriptor = 901;

/** A GPIO chip behind the port of system calls, for what no chip can be made to do on demand. */
export class FakeGpio implements SystemCalls {
	readonly lines: { name: string; high: boolean; consumer: string }[];
	/** What every call is refused with; null while it works. */
	errno: keyof typeof constants.errno | null = null;
	/** Descriptors that are open. */
	readonly open_ = new Set<number>();
	/** Changes of the lines, each with all levels. */
	readonly changes: string[] = [];
	#taken: number[] = [];
	#activeLow = false;

	constructor(names: readonly string[]) {
		this.lines = names.map((name) => ({ name, high: false, consumer: '' }));
	}

	open(path: string): number {
		if (this.errno !== null) return -constants.errno[this.errno];
		if (path !== '/dev/gpiochip0') return -constants.errno.ENOENT;
		this.open_.add(chipDescriptor);
		return chipDescriptor;
	}

	close(descriptor: number): void {
		this.open_.delete(descriptor);
		if (descriptor === linesDescriptor) for (const offset of this.#taken.splice(0)) this.lines[offset]!.consumer = '';
	}

	ioctl(_descriptor: number, request: number, argument: Uint8Array): number {
		if (this.errno !== null) return -constants.errno[this.errno];
		const fields = new DataView(argument.buffer, argument.byteOffset, argument.byteLength);
		const write = (text: string, at: number) => new TextEncoder().encodeInto(text, argument.subarray(at, at + 31));
		if (request === gpioIoctls.GPIO_GET_CHIPINFO_IOCTL) {
			write('fake', gpioOffsets.gpiochip_info.label);
			fields.setUint32(gpioOffsets.gpiochip_info.lines, this.lines.length, true);
		} else if (request === gpioIoctls.GPIO_V2_GET_LINEINFO_IOCTL) {
			const at = gpioOffsets.gpio_v2_line_info;
			const line = this.lines[fields.getUint32(at.offset, true)];
			if (!line) return -constants.errno.EINVAL;
			write(line.name, at.name);
			write(line.consumer, at.consumer);
			fields.setUint32(at.flags, line.consumer === '' ? 0 : gpioFlags.GPIO_V2_LINE_FLAG_USED, true);
		} else if (request === gpioIoctls.GPIO_V2_GET_LINE_IOCTL) return this.#take(fields);
		else if (request === gpioIoctls.GPIO_V2_LINE_SET_VALUES_IOCTL) {
			const bits = fields.getUint32(gpioOffsets.gpio_v2_line_values.bits, true);
			const mask = fields.getUint32(gpioOffsets.gpio_v2_line_values.mask, true);
			for (const [i, offset] of this.#taken.entries())
				if ((mask >> i) & 1) this.lines[offset]!.high = (((bits >> i) & 1) === 1) !== this.#activeLow;
			this.changes.push(this.lines.map(({ high }) => (high ? '1' : '0')).join(''));
		}
		return 0;
	}

	#take(fields: DataView): number {
		const at = gpioOffsets.gpio_v2_line_request;
		const count = fields.getUint32(at.num_lines, true);
		const offsets = Array.from({ length: count }, (_, i) => fields.getUint32(at.offsets + 4 * i, true));
		if (offsets.some((offset) => this.lines[offset]!.consumer !== '')) return -constants.errno.EBUSY;
		this.#activeLow = (fields.getUint32(at.config, true) & gpioFlags.GPIO_V2_LINE_FLAG_ACTIVE_LOW) !== 0;
		this.#taken = offsets;
		for (const offset of offsets) Object.assign(this.lines[offset]!, { consumer: 'phlebox', high: this.#activeLow });
		this.open_.add(linesDescriptor);
		fields.setInt32(at.fd, linesDescriptor, true);
		return 0;
	}

	poll(): number {
		return 0;
	}
	map(): number {
		return 0;
	}
	mapZeros(): number {
		return 0;
	}
	unmap(): void {}
	copy(): void {}
	addressOf(): number {
		return 0;
	}
}
