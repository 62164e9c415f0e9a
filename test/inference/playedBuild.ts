import type { BuildRequest } from '../../src/inference/engine/engineBuilder.ts';

// buildProcess with a played TensorRT; what its library's name asks for is done instead of building.

process.once('message', async ({ folder, options }: BuildRequest) => {
	if (options.library === 'crash') process.kill(process.pid, 'SIGSEGV');
	// Something has to keep it: a process that listens no more ends by itself.
	else if (options.library === 'hang') setInterval(() => undefined, 1000);
	else {
		const { buildEngine } = await import('../../src/inference/engine/buildEngine.ts');
		const { StandInRuntime } = await import('./standInRuntime.ts');
		const { given } = new StandInRuntime({ answersWrongly: options.library === 'wrong' });
		process.send!(buildEngine({ folder, options: { ...options, library: given } }), () => process.disconnect());
	}
});
