import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { HdmiCard } from './hdmiCard.ts';

/** The ultrasound machine at the other end of the cable: what it sends arrives at the card. */
export class HdmiOutput {
	/** The card that the cable leads to. */
	readonly card = new HdmiCard();
	readonly #device = '/dev/video1';
	#program: ChildProcess | undefined;

	/** Plugs the cable in: vivid copies what is written to its output into what its input delivers, in the kernel. */
	start(): void {
		this.card.configure('640x480p60');
		// Without vivid's own lettering in the picture, and a fifth of the 60 frames a second: more are too many to copy here.
		this.card.control('loop_video=1,osd_text_mode=2,percentage_of_dropped_buffers=80');
		execFileSync('v4l2-ctl', ['-d', this.#device, '--set-dv-bt-timings=index=0'], { stdio: 'ignore' });
		const format = '--set-fmt-video-out=width=640,height=480,pixelformat=YUYV';
		this.#program = spawn('v4l2-ctl', ['-d', this.#device, format, '--stream-out-mmap=2', '--stream-from=-'], {
			stdio: ['pipe', 'ignore', 'ignore'],
		});
		// It is killed in the end, while it may be writing.
		this.#program.stdin!.on('error', () => undefined);
	}

	/** Sends a picture, 640x480 YUYV; it stands on the screen until another is sent. @returns false when one is still on its way */
	send(picture: Uint8Array): boolean {
		const pipe = this.#program!.stdin!;
		if (pipe.writableLength > 0) return false;
		pipe.write(picture);
		return true;
	}

	get running(): boolean {
		return this.#program?.exitCode === null;
	}

	stop(): void {
		this.#program?.kill('SIGKILL');
	}
}
