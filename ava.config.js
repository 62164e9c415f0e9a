import { shared } from './ava.shared.js';

export default {
	...shared,
	files: ['test/**/*.test.ts', '!test/lab/**', '!test/browser/**', '!test/broker/**', '!test/slow/**'],
	timeout: '2m',
};
