import { shared } from './ava.shared.js';

export default {
	...shared,
	files: ['test/browser/**/*.test.ts'],
	concurrency: 1,
	timeout: '3m',
};
