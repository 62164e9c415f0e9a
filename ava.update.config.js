export default {
	files: ['test/slow/**/*.test.ts'],
	extensions: { ts: 'module' },
	nodeArguments: ['--import=tsx', '--expose-gc'],
	workerThreads: false,
	concurrency: 1,
	timeout: '30m',
};
