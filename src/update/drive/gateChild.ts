import { fork } from 'node:child_process';
import { type ErrorCode, PhleboxError } from '../../errors.ts';
import type { InferenceOptions } from '../../inference/options.ts';
import { shippedPath } from '../../packageRoot.ts';
import type { GateFigures, GateLimits } from '../install/gate.ts';

export interface GateRequest {
	folder: string;
	limits: GateLimits;
	options: Partial<InferenceOptions>;
}

export interface ChildFigures extends GateFigures {
	/** Most memory the process took, MiB. */
	peakMiB: number;
}

export type GateReply = { passed: ChildFigures } | { failed: { code: ErrorCode; message: string } };

export interface ChildLimits {
	/** Most memory the process may take, MiB; the model's own manifest may allow less. */
	memoryMiB: number;
	/** Longest it may take, milliseconds. */
	deadlineMs: number;
}

/**
 * `passGate` in a process of its own, which a model may crash, hang or fill. Looked at from here, each of these is a
 * model that does wrong on this device.
 * @param program what runs in the process; a test's own
 * @throws PhleboxError as `passGate`; runtime-failed
 */
export function passGateApart(
	request: GateRequest,
	{ memoryMiB, deadlineMs }: ChildLimits,
	program = shippedPath('dist', 'update', 'drive', 'gateProcess.js'),
): Promise<ChildFigures> {
	return new Promise((resolve, reject) => {
		const fail = (code: ErrorCode, words: string) => reject(new PhleboxError(code, words));
		const child = fork(program, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
		let late = false;
		const deadline = setTimeout(() => {
			late = true;
			child.kill('SIGKILL');
		}, deadlineMs);
		let reply: GateReply | null = null;
		child.once('message', (message) => {
			reply = message as GateReply;
		});
		child.once('error', (error) => fail('store-failed', `no process for a trial can be started: ${error.message}`));
		child.once('exit', (code, signal) => {
			clearTimeout(deadline);
			const how = late ? `did not come to an end in ${deadlineMs} ms` : `ended with ${signal ?? `code ${code}`}`;
			if (!reply) fail('runtime-failed', `${request.folder}: the process that tried it ${how}`);
			else if ('failed' in reply) fail(reply.failed.code, reply.failed.message);
			else {
				const { peakMiB, allowedMiB } = reply.passed;
				const most = Math.min(memoryMiB, allowedMiB ?? memoryMiB);
				const words = `${Math.round(peakMiB)} MiB were needed to run it; ${most} are allowed`;
				if (peakMiB <= most) resolve(reply.passed);
				else fail('runtime-failed', `${request.folder}: ${words}${most < memoryMiB ? ' by its own manifest' : ''}`);
			}
		});
		child.send(request);
	});
}
