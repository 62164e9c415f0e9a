import type { SystemCalls } from '../systemCalls.ts';
import { sameEdid } from './edid.ts';
import { offsets, structBytes } from './ioctls.ts';

/** struct v4l2_edid and the memory for the EDID that it points to. */
export class EdidStruct {
	/** As an argument of ioctl; the kernel is told the address of the memory beside it, which must not move. */
	readonly bytes = new Uint8Array(structBytes.edid);
	readonly #view = new DataView(this.bytes.buffer);
	readonly #edid: Uint8Array;
	readonly #blocks: number;

	/** @param blocks of 128 bytes each */
	constructor(calls: SystemCalls, input: number, blocks: number) {
		this.#edid = new Uint8Array(new ArrayBuffer(blocks * 128));
		this.#blocks = blocks;
		this.#view.setUint32(offsets.edid.pad, input, true);
		this.#view.setUint32(offsets.edid.blocks, blocks, true);
		this.#view.setBigUint64(offsets.edid.edid, BigInt(calls.addressOf(this.#edid)), true);
	}

	/** Whether the device, having been asked, holds just this. */
	holds(edid: Uint8Array): boolean {
		return this.#view.getUint32(offsets.edid.blocks, true) === this.#blocks && sameEdid(edid, this.#edid);
	}

	/** @returns the struct, to be written */
	fill(edid: Uint8Array): Uint8Array {
		this.#edid.set(edid);
		this.#view.setUint32(offsets.edid.startBlock, 0, true);
		this.#view.setUint32(offsets.edid.blocks, this.#blocks, true);
		return this.bytes;
	}
}
