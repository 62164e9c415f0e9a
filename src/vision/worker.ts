import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { messageOf, PhleboxError } from '../errors.ts';
import { cancelExamination, endExamination, setSide, startExamination } from '../exam/command.ts';
import type { SessionHandle } from '../inference/onnxRuntime/session.ts';
import { startMarks } from '../startMarks.ts';
import { type Assembly, assemble } from './assemble.ts';
import type { ExamCommand, VisionControl, VisionEvent, VisionStart } from './messages.ts';
import type { ModelOffer } from './modelOffer.ts';
import { schedule } from './scheduling.ts';
import { ShadowWriter } from './standby/shadowFeed.ts';
import { StatusBoard } from './statusBoard.ts';

// The vision thread. It never returns to an event loop while it runs: messages to it are read between two turns, and
// those from it are posted, which needs no loop here.

startMarks.over('thread');
const port = parentPort!;
// A thread that was begun ahead of time is told later what to start with.
const start =
	(workerData as VisionStart | null) ?? (await new Promise<VisionStart>((resolve) => port.once('message', resolve)));
startMarks.over('told to start');
const tell = (event: VisionEvent) => port.postMessage(event);

/** @returns false when the thread has to stop */
function obey(assembly: Assembly, control: VisionControl): boolean {
	if (control.kind === 'stop') return false;
	if (control.kind === 'dim') assembly.dim(control.percent);
	else if (control.kind === 'identify') assembly.loop.identifyUntilMs = control.untilMs;
	else if (control.kind === 'exam') apply(assembly, control.command);
	else if (control.kind === 'swap') swap(assembly, control.offer);
	else if (control.kind === 'keep-model') free(assembly.seat.keep());
	else if (control.kind === 'revert-model') assembly.seat.revert(control.reason);
	else assembly.loop.shadow = control.feed && new ShadowWriter(control.feed, assembly.image);
	return true;
}

function swap({ seat }: Assembly, offer: ModelOffer): void {
	const { result, freed } = seat.swap(offer);
	tell({ kind: 'swap', result });
	free(freed);
}

function free(handle: SessionHandle | null): void {
	if (handle) tell({ kind: 'freed', handle });
}

function apply({ loop }: Assembly, command: ExamCommand): void {
	if (command.name === 'start') loop.command((state, now, next) => startExamination(state, now, next, command.side));
	else if (command.name === 'end') loop.command((state, now, next) => endExamination(state, now, next));
	else if (command.name === 'cancel') loop.command(cancelExamination);
	else loop.command((state, _now, next) => setSide(state, command.side, next));
}

function endExam({ loop }: Assembly): void {
	loop.command((state, now, next) => endExamination(state, now, next, 'shutdown'));
}

/** @returns false when the thread has to stop */
function listen(assembly: Assembly): boolean {
	for (;;) {
		const message = receiveMessageOnPort(port) as { message: VisionControl } | undefined;
		if (!message) return true;
		if (!obey(assembly, message.message)) return false;
	}
}

function turnUntilStopped(assembly: Assembly, board: StatusBoard): void {
	let rings = -1;
	let ended = false;
	let lit = false;
	for (;;) {
		if (board.rings !== rings) {
			rings = board.rings;
			if (!listen(assembly)) return;
		}
		assembly.loop.turn();
		if (!lit && board.guidance !== 'starting') {
			lit = true;
			startMarks.over('first look');
			tell({ kind: 'lit', marks: startMarks.marks });
		}
		if (assembly.loop.ended && !ended) {
			ended = true;
			const fault = assembly.sourceFault();
			// Whoever ends a thread that failed does not ask it first: what is to be recorded is recorded now.
			if (fault) endExam(assembly);
			tell(fault ? { kind: 'failed', code: fault.code, message: fault.message } : { kind: 'ended' });
		}
	}
}

function run(): void {
	schedule(start.config.vision);
	const board = new StatusBoard(start.sites, start.board);
	board.setToNow('heartbeatMs');
	const assembly = assemble({
		config: start.config,
		board,
		exam: start.exam,
		selfTest: start.selfTest,
		dimPercent: start.dimPercent,
		record: (record, exam) => tell({ kind: 'record', record, exam }),
		modelReverted({ model, providersRefused }, reason, freed) {
			tell({ kind: 'reverted', model, providersRefused, reason });
			free(freed);
		},
		sceneChanged: (scene, reason) => tell({ kind: 'scene', scene, reason }),
		signalChanged: (signal, cause) => tell({ kind: 'signal', signal, cause }),
		lightChanged: (light, failure) => tell({ kind: 'light', light: light.name, failure: failure?.message ?? null }),
	});
	try {
		tell(assembly.ready);
		turnUntilStopped(assembly, board);
		endExam(assembly);
	} finally {
		assembly.close();
	}
	tell({ kind: 'stopped' });
}

try {
	run();
} catch (error) {
	const known = error instanceof PhleboxError;
	tell({ kind: 'failed', code: known ? error.code : 'vision-failed', message: messageOf(error) });
}
port.close();
