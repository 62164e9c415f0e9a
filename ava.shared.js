import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('.', import.meta.url);
try {
	execFileSync(process.execPath, ['build.mjs', '--tests'], { cwd: root, stdio: 'inherit' });
} catch {
	process.exit(1);
}

/** Whatever a test, or a process that it started and killed, left in its temporary folder goes when the run ends. */
const scratch = mkdtempSync(join(tmpdir(), 'phlebox-tests-'));
// Some tests go on as another user.
chmodSync(scratch, 0o755);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

/** What the test runs have in common: they run what build.mjs compiled, whatever started ava. */
export const shared = {
	typescript: { compile: false, rewritePaths: { 'src/': 'build/src/', 'test/': 'build/test/' } },
	require: [fileURLToPath(new URL('test/seed.ts', root))],
	environmentVariables: { TMPDIR: scratch },
	workerThreads: false,
};
