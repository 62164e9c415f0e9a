import type { BuildRequest } from '../../src/inference/engine/engineBuilder.ts';

// buildProcess with a played TensorRT; what its library's name asks for is done instead of building.

process.once('message', async ({ folder, options }: BuildRequest) => {
	if (options.library === 'crash') process.kill(process.pid, 'SIGSEGV');
	else if (options.library !== 'hang') {
		const { buildEngine } = await import('../../src/inference/engine/buildEngine.ts');
		const { StandInRuntime } = await import('./standInRuntime.ts');
		const { given } = new StandInRuntime({ answersWrongly: options.library === 'wrong' });
		process.send!(buildEngine({ folder, options: { ...options, library: given } }), () => process.disconnect());
	}
});
