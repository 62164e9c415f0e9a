import type { DeliveredFormat } from './formats.ts';
import { fourccCode, fourccText } from './formats.ts';
import { constants, offsets, structBytes } from './ioctls.ts';
import type { WireFormat } from './wireFormats.ts';

/** struct v4l2_format, of the single-planar or the multi-planar API. */
export class FormatStruct {
	/** As an argument of ioctl. */
	readonly bytes = new Uint8Array(structBytes.format);
	readonly #view = new DataView(this.bytes.buffer);
	readonly #planar: boolean;

	constructor(bufferType: number) {
		this.#planar = bufferType === constants.BUF_TYPE_VIDEO_CAPTURE_MPLANE;
		this.#set(offsets.format.type, bufferType);
	}

	/** What is to be asked for; what stands in the struct otherwise is left. @param size pixels */
	ask(format: WireFormat, size: { width: number; height: number } | undefined): void {
		const at = this.#planar ? offsets.formatPlanar : offsets.format;
		this.#set(at.pixelformat, fourccCode(format));
		this.#set(at.field, 0);
		this.#set(at.bytesperline, 0);
		this.#set(at.sizeimage, 0);
		if (size === undefined) return;
		this.#set(at.width, size.width);
		this.#set(at.height, size.height);
	}

	read(): DeliveredFormat {
		const at = this.#planar ? offsets.formatPlanar : offsets.format;
		const word = (offset: number) => this.#view.getUint32(offset, true);
		return {
			width: word(at.width),
			height: word(at.height),
			fourcc: fourccText(word(at.pixelformat)),
			field: word(at.field),
			bytesPerLine: word(at.bytesperline),
			sizeImage: word(at.sizeimage),
			planes: this.#planar ? this.bytes[offsets.formatPlanar.planes]! : 1,
		};
	}

	#set(offset: number, value: number): void {
		this.#view.setUint32(offset, value, true);
	}
}
