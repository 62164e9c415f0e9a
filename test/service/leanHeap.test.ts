import { execFileSync } from 'node:child_process';
import test from 'ava';

const libc = `
	import { readFileSync } from 'node:fs';
	import koffi from 'koffi';
	const library = koffi.load(null);
	const malloc = library.func('uintptr_t malloc(size_t)');
	const free = library.func('void free(uintptr_t)');
	const memset = library.func('uintptr_t memset(uintptr_t, int, size_t)');
	const kibibytes = () => Number(/^RssAnon:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
	const block = (bytes) => memset(malloc(bytes), 1, bytes);
`;

/** MiB that a process still holds of 60 MiB of blocks that were freed, with small ones in use between them. */
function held(before: string): number {
	const script = `${libc}
		${before}
		// What it takes for glibc to keep large blocks from now on.
		free(block(8 << 20));
		const start = kibibytes();
		const large = [];
		for (let at = 0; at < 200; at++) {
			large.push(block(300 << 10));
			block(64 << 10);
		}
		const small = 200 * 64;
		for (const address of large) free(address);
		console.log((kibibytes() - start - small) / 1024);`;
	return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

test('large blocks that were freed go back to the system, whatever lies between them', (t) => {
	const module = new URL('../../src/service/leanHeap.js', import.meta.url).href;
	const lean = held(`(await import(${JSON.stringify(module)})).keepHeapLean();`);
	const plain = held('');
	t.true(lean < 10, `holds ${lean} MiB`);
	// Where the C library is glibc; any other may do as well by itself.
	const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;
	t.true(glibcVersionRuntime === undefined || plain > 30, `without it ${plain} MiB`);
});
