import { errnoName } from '../../capture/libc.ts';
import type { SystemCalls } from '../../capture/systemCalls.ts';
import { PhleboxError } from '../../errors.ts';
import { gpioBytes, gpioFlags, gpioIoctls, gpioNameBytes, gpioOffsets } from './gpioUapi.ts';

/** One line of a chip, as the kernel describes it. */
export interface GpioLine {
	offset: number;
	/** Empty where the board gives none. */
	name: string;
	/** Who holds it; empty when nobody does. */
	consumer: string;
	used: boolean;
}

/** A GPIO chip of the kernel's character device, such as /dev/gpiochip0. */
export class GpioChip {
	readonly path: string;
	readonly #calls: SystemCalls;
	#descriptor = -1;
	/** The driver's word for the chip, such as `pinctrl-bcm2711`. Known after `open`. */
	label = '';
	lineCount = 0;

	constructor(path: string, calls: SystemCalls) {
		this.path = path;
		this.#calls = calls;
	}

	/** @throws PhleboxError light-failed */
	open(): void {
		this.close();
		const descriptor = this.#calls.open(this.path);
		if (descriptor < 0)
			throw failed(
				this.path,
				'cannot be opened',
				-descriptor,
				'check indicator.gpio, and that this user may open it (docs/install.md)',
			);
		this.#descriptor = descriptor;
		const info = new Uint8Array(gpioBytes.gpiochip_info);
		const result = this.#calls.ioctl(descriptor, gpioIoctls.GPIO_GET_CHIPINFO_IOCTL, info);
		if (result < 0) {
			this.close();
			throw failed(this.path, 'is no GPIO chip', -result, 'name one of those that `ls /dev/gpiochip*` shows');
		}
		this.label = text(info, gpioOffsets.gpiochip_info.label);
		this.lineCount = view(info).getUint32(gpioOffsets.gpiochip_info.lines, true);
	}

	/** @throws PhleboxError light-failed, for a line that the chip does not have */
	line(offset: number): GpioLine {
		const info = new Uint8Array(gpioBytes.gpio_v2_line_info);
		view(info).setUint32(gpioOffsets.gpio_v2_line_info.offset, offset, true);
		const result = this.#calls.ioctl(this.#descriptor, gpioIoctls.GPIO_V2_GET_LINEINFO_IOCTL, info);
		if (result < 0)
			throw failed(
				this.path,
				`has no line ${offset}`,
				-result,
				`its ${this.lineCount} lines are numbered from 0 (\`gpioinfo\`)`,
			);
		const flags = view(info).getUint32(gpioOffsets.gpio_v2_line_info.flags, true);
		return {
			offset,
			name: text(info, gpioOffsets.gpio_v2_line_info.name),
			consumer: text(info, gpioOffsets.gpio_v2_line_info.consumer),
			used: (flags & gpioFlags.GPIO_V2_LINE_FLAG_USED) !== 0,
		};
	}

	/**
	 * @param place number or name of a line
	 * @throws PhleboxError light-failed
	 */
	find(place: number | string): GpioLine {
		if (typeof place === 'number') return this.line(place);
		for (let offset = 0; offset < this.lineCount; offset++) {
			const line = this.line(offset);
			if (line.name === place) return line;
		}
		throw new PhleboxError(
			'light-failed',
			`GPIO: ${this.path} (${this.label}) has no line named ${place}; \`gpioinfo\` lists its ${this.lineCount} lines`,
		);
	}

	/**
	 * Takes lines as outputs, all of them off.
	 * @returns descriptor of the request; closing it gives the lines back
	 * @throws PhleboxError light-failed
	 */
	request(offsets: readonly number[], activeLow: boolean): number {
		const at = gpioOffsets.gpio_v2_line_request;
		const request = new Uint8Array(gpioBytes.gpio_v2_line_request);
		const fields = view(request);
		for (const [i, offset] of offsets.entries()) fields.setUint32(at.offsets + 4 * i, offset, true);
		new TextEncoder().encodeInto('phlebox', request.subarray(at.consumer, at.consumer + gpioNameBytes - 1));
		const polarity = activeLow ? gpioFlags.GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0;
		fields.setUint32(at.config, gpioFlags.GPIO_V2_LINE_FLAG_OUTPUT | polarity, true);
		fields.setUint32(at.num_lines, offsets.length, true);
		const result = this.#calls.ioctl(this.#descriptor, gpioIoctls.GPIO_V2_GET_LINE_IOCTL, request);
		if (result < 0) {
			const holders = offsets.map((offset) => this.line(offset)).filter(({ used }) => used);
			const held = holders.map(({ offset, consumer }) => `line ${offset} is held by ${consumer || 'the kernel'}`);
			throw failed(this.path, 'does not give the lines', -result, held.join(', ') || 'name others in indicator.gpio');
		}
		return fields.getInt32(at.fd, true);
	}

	/** May be called at any time; lines that were taken stay taken. */
	close(): void {
		if (this.#descriptor >= 0) this.#calls.close(this.#descriptor);
		this.#descriptor = -1;
	}
}

function view(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(bytes: Uint8Array, at: number): string {
	const field = bytes.subarray(at, at + gpioNameBytes);
	const end = field.indexOf(0);
	return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function failed(path: string, what: string, errno: number, todo: string): PhleboxError {
	return new PhleboxError('light-failed', `GPIO: ${path} ${what} (${errnoName(errno)}); ${todo}`);
}
