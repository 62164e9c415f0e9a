import { availableParallelism } from 'node:os';
import { shared } from './ava.shared.js';

export default {
	...shared,
	files: ['test/**/*.test.ts', '!test/lab/**', '!test/browser/**', '!test/broker/**', '!test/slow/**'],
	// Many tests wait for a process, a broker or a clock: one file more than there are cores fills the gaps.
	concurrency: availableParallelism() + 1,
	timeout: '2m',
};
