import { shared } from './ava.shared.js';

export default {
	...shared,
	files: ['test/slow/**/*.test.ts'],
	nodeArguments: ['--expose-gc'],
	concurrency: 1,
	timeout: '30m',
};
