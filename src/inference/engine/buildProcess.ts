import { setPriority } from 'node:os';
import { buildEngine } from './buildEngine.ts';
import type { BuildRequest } from './engineBuilder.ts';

// A process of its own in which TensorRT builds an engine: what it takes or breaks is not the box's.

setPriority(19);
process.once('message', (request: BuildRequest) => {
	process.send!(buildEngine(request), () => process.disconnect());
});
