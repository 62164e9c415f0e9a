import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readSync } from 'node:fs';
import { monotonicMs } from '../../clock.ts';
import { PhleboxError } from '../../errors.ts';
import { openPipe, systemCalls } from '../libc.ts';
import { pollEntryBytes, pollIn } from '../systemCalls.ts';

/** Of what ffmpeg says against a video, so much is kept. */
const complaintBytes = 4096;

/**
 * ffmpeg as a child process, read synchronously: a thread that never comes back to its event loop can use it. Both pipes
 * are read with poll(2) and a deadline; neither can stop the other.
 */
export class Decoder {
	readonly #child: ChildProcess;
	readonly #output: number;
	readonly #errors: number;
	readonly #polled = new Uint8Array(2 * pollEntryBytes);
	readonly #entries = new DataView(this.#polled.buffer);
	readonly #complaint = new Uint8Array(complaintBytes);
	#complaintLength = 0;
	#errorsOpen = true;
	#running = true;

	/** @throws PhleboxError ffmpeg-missing */
	constructor(file: string, args: readonly string[]) {
		const output = openPipe();
		const errors = openPipe();
		try {
			this.#child = spawn('ffmpeg', args, { stdio: ['ignore', output.writing, errors.writing] });
		} finally {
			closeSync(output.writing);
			closeSync(errors.writing);
		}
		this.#output = output.reading;
		this.#errors = errors.reading;
		// That it did not start is known at once by the missing pid; the event would come when nobody waits for it.
		this.#child.on('error', () => {});
		this.#child.unref();
		this.#entries.setInt16(4, pollIn, true);
		this.#entries.setInt16(pollEntryBytes + 4, pollIn, true);
		if (this.#child.pid === undefined) {
			this.close();
			throw new PhleboxError(
				'ffmpeg-missing',
				`${file} needs ffmpeg, which is not on PATH: install it (apt install ffmpeg) or convert the video to .y4m`,
			);
		}
	}

	/**
	 * Reads what there is, at most `byteLength` bytes.
	 * @returns bytes read; 0 at the end; -1 when `untilMs` came first
	 */
	read(into: Uint8Array, offset: number, byteLength: number, untilMs: number): number {
		for (;;) {
			if (!this.#wait(this.#output, untilMs)) return -1;
			if (this.#entries.getInt16(pollEntryBytes + 6, true) !== 0) this.#listen();
			if (this.#entries.getInt16(6, true) !== 0) return readSync(this.#output, into, offset, byteLength, null);
		}
	}

	/** The last line that ffmpeg wrote against the video, or ''. Whole once `read` said 0. */
	complaint(untilMs: number): string {
		while (this.#errorsOpen) {
			if (!this.#wait(-1, untilMs)) break;
			this.#listen();
		}
		const text = Buffer.from(this.#complaint.subarray(0, this.#complaintLength)).toString().trim();
		return text.slice(text.lastIndexOf('\n') + 1);
	}

	close(): void {
		if (!this.#running) return;
		this.#running = false;
		// kill() of a child that did not start would go to pid 0, the whole process group, or to whatever pid is in memory.
		if (this.#child.pid !== undefined) this.#child.kill('SIGKILL');
		closeSync(this.#output);
		closeSync(this.#errors);
	}

	/** Until there is something in `output` (-1 for none) or in the complaints. @returns false when `untilMs` came first */
	#wait(output: number, untilMs: number): boolean {
		this.#entries.setInt32(0, output, true);
		this.#entries.setInt32(pollEntryBytes, this.#errorsOpen ? this.#errors : -1, true);
		for (;;) {
			const left = Math.max(0, Math.ceil(untilMs - monotonicMs()));
			if (systemCalls.poll(this.#polled, 2, left) > 0) return true;
			// A child that ends interrupts the wait, and that is not the deadline.
			if (monotonicMs() >= untilMs) return false;
		}
	}

	/** Takes what stands in the pipe of complaints; the newest half stays when the room is used up. */
	#listen(): void {
		if (this.#complaintLength === complaintBytes) {
			this.#complaint.copyWithin(0, complaintBytes / 2);
			this.#complaintLength = complaintBytes / 2;
		}
		const room = complaintBytes - this.#complaintLength;
		const length = readSync(this.#errors, this.#complaint, this.#complaintLength, room, null);
		this.#complaintLength += length;
		if (length === 0) this.#errorsOpen = false;
	}
}
