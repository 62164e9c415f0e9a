export default {
	files: ['test/**/*.test.ts', '!test/lab/**', '!test/browser/**', '!test/broker/**', '!test/slow/**'],
	extensions: { ts: 'module' },
	nodeArguments: ['--import=tsx'],
	workerThreads: false,
	timeout: '2m',
};
