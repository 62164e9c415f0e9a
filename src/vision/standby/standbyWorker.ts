import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { createFrameMemory } from '../../capture/frameMemory.ts';
import { messageOf, PhleboxError } from '../../errors.ts';
import { Session } from '../../inference/onnxRuntime/session.ts';
import { loadModelPackage, type ModelPackage } from '../../inference/package/modelPackage.ts';
import { ShadowReader } from './shadowFeed.ts';
import { noFigures, ShadowJudge } from './shadowJudge.ts';
import type { StandbyAnswers, StandbyReply, StandbyRequest } from './standbyMessages.ts';

// The thread in which networks are loaded, tried and freed, so that the vision thread never waits for it.

/** How often it is looked whether an image has come. Milliseconds. */
const lookMs = 5;

// Linux: of this thread alone. The network's own threads would inherit it, so only where it has none.
if ((workerData as { yielding: boolean }).yielding) setPriority(0, 19);

const port = parentPort!;
const memory = createFrameMemory(0);
let loaded: ModelPackage | null = null;
let shadow: { judge: ShadowJudge; reader: ShadowReader; timer: NodeJS.Timeout; failed: unknown } | null = null;

function held(): ModelPackage {
	if (!loaded) throw new PhleboxError('runtime-failed', 'no network is loaded beside the one that runs');
	return loaded;
}

function drop(): null {
	endShadow();
	loaded?.model.close();
	loaded = null;
	return null;
}

function endShadow(): typeof noFigures {
	if (!shadow) return noFigures;
	const { judge, reader, timer } = shadow;
	clearInterval(timer);
	shadow = null;
	return { ...judge.figures, passedOver: reader.passedOver };
}

function lookShadow(): typeof noFigures {
	if (!shadow) return noFigures;
	if (shadow.failed) throw shadow.failed;
	return { ...shadow.judge.figures, passedOver: shadow.reader.passedOver };
}

function beginShadow({ feed, outputs }: Extract<StandbyRequest, { ask: 'shadow-begin' }>): null {
	endShadow();
	const { model, manifest } = held();
	const pixels = model.inputWidth * model.inputHeight;
	const image = new Float32Array(memory.memory.buffer, model.inputOffset, pixels);
	const judge = new ShadowJudge(model, manifest, image, outputs);
	const reader = new ShadowReader(feed, pixels);
	const timer = setInterval(() => {
		try {
			while (shadow && !shadow.failed && reader.take((each) => judge.judge(each)));
		} catch (error) {
			if (shadow) shadow.failed = error;
		}
	}, lookMs);
	shadow = { judge, reader, timer, failed: null };
	return null;
}

function obey(request: StandbyRequest): StandbyAnswers[keyof StandbyAnswers] {
	switch (request.ask) {
		case 'load': {
			drop();
			loaded = loadModelPackage(request.folder, memory, request.options);
			return { manifest: loaded.manifest, provider: loaded.model.provider };
		}
		case 'offer': {
			const { model, manifest } = held();
			endShadow();
			loaded = null;
			return { manifest, handle: model.handOver(), providersRefused: [...model.refusedProviders] };
		}
		case 'drop':
			return drop();
		case 'free':
			Session.adopt(request.handle).close();
			return null;
		case 'shadow-begin':
			return beginShadow(request);
		case 'shadow-look':
			return lookShadow();
		case 'shadow-end':
			return endShadow();
	}
}

port.on('message', (request: StandbyRequest) => {
	let reply: StandbyReply;
	try {
		reply = { id: request.id, answer: obey(request) };
	} catch (error) {
		const code = error instanceof PhleboxError ? error.code : 'runtime-failed';
		reply = { id: request.id, failed: { code, message: messageOf(error) } };
	}
	port.postMessage(reply);
});
