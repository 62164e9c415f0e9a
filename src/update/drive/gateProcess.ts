import { messageOf, PhleboxError } from '../../errors.ts';
import { passGate } from '../install/gate.ts';
import type { GateReply, GateRequest } from './gateChild.ts';

// A process of its own for a model's first run on this device: what it breaks is this process, not the box.

process.once('message', ({ folder, limits, options }: GateRequest) => {
	let reply: GateReply;
	try {
		const figures = passGate(folder, limits, options);
		reply = { passed: { ...figures, peakMiB: process.resourceUsage().maxRSS / 1024 } };
	} catch (error) {
		const code = error instanceof PhleboxError ? error.code : 'runtime-failed';
		reply = { failed: { code, message: messageOf(error) } };
	}
	process.send!(reply, () => process.disconnect());
});
