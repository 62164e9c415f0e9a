import { constants as os } from 'node:os';
import test from 'ava';
import { createFrameMemory } from '../../../src/capture/frameMemory.ts';
import { ioctls, offsets } from '../../../src/capture/v4l2/ioctls.ts';
import { V4l2Source } from '../../../src/capture/v4l2/v4l2Source.ts';
import { garbagePerCall } from '../garbage.ts';
import { FakeDevice } from './fakeDevice.ts';

// In a file, that is a process, of its own: what other tests make of the same code decides how it is compiled.
const slotBytes = 65_536;

/** Gives a frame at every other DQBUF, without the work and the garbage of a file. */
class LeanDevice extends FakeDevice {
	#sequence = 0;
	#view: DataView | undefined;

	override ioctl(descriptor: number, request: number, argument: Uint8Array): number {
		if (request === ioctls.QBUF || request === ioctls.STREAMON) return 0;
		if (request === ioctls.DQEVENT) return -os.errno.ENOENT;
		if (request !== ioctls.DQBUF) return super.ioctl(descriptor, request, argument);
		const sequence = this.#sequence++;
		if (sequence % 2 === 1) return -os.errno.EAGAIN;
		this.#view ??= new DataView(argument.buffer);
		this.#view.setUint32(offsets.buffer.bytesused, slotBytes, true);
		this.#view.setUint32(offsets.buffer.sequence, sequence, true);
		return 0;
	}
}

test('a frame costs no garbage but a few numbers', (t) => {
	const source = new V4l2Source({ queryMs: 1e6 }, new LeanDevice());
	source.open(createFrameMemory(4, slotBytes));
	let frames = 0;
	const garbage = garbagePerCall(300, () => {
		if (source.next(10).kind === 'frame') frames++;
	});
	source.close();
	t.true(frames > 5000);
	t.true(garbage < 300, `${garbage} bytes a frame`);
});
