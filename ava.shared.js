import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = new URL('.', import.meta.url);
try {
	execFileSync(process.execPath, ['build.mjs', '--tests'], { cwd: root, stdio: 'inherit' });
} catch {
	process.exit(1);
}

/** What the test runs have in common: they run what build.mjs compiled, whatever started ava. */
export const shared = {
	typescript: { compile: false, rewritePaths: { 'src/': 'build/src/', 'test/': 'build/test/' } },
	require: [fileURLToPath(new URL('test/seed.ts', root))],
	workerThreads: false,
};
