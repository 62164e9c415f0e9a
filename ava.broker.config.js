import { shared } from './ava.shared.js';

export default {
	...shared,
	files: ['test/broker/**/*.test.ts'],
	concurrency: 2,
	timeout: '5m',
};
