import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
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

const lean = `(await import(${JSON.stringify(new URL('../../src/service/leanHeap.js', import.meta.url).href)})).keepHeapLean();`;

/** MiB of buffers that a process holds once it has written MQTT packets of 2,000 lengths, a message a second beside them. */
function heldByPackets(before: string): number {
	const packets = createRequire(createRequire(import.meta.url).resolve('mqtt')).resolve('mqtt-packet');
	const script = `
		import { Writable } from 'node:stream';
		import v8 from 'node:v8';
		import vm from 'node:vm';
		import packets from ${JSON.stringify(packets)};
		${before}
		packets.writeToStream.cacheNumbers = false;
		const line = new Writable({ write: (chunk, encoding, done) => done() });
		for (let length = 1; length <= 2000; length++) {
			packets.writeToStream({ cmd: 'publish', topic: 't', payload: Buffer.alloc(length), qos: 0 }, line);
			Buffer.from(JSON.stringify({ words: 'x'.repeat(3000) }));
			Buffer.from(JSON.stringify({ words: 'x'.repeat(3000) }));
		}
		v8.setFlagsFromString('--expose-gc');
		// What the first collection frees is counted as free by the second one.
		for (let round = 0; round < 2; round++) {
			await new Promise((done) => setTimeout(done, 10));
			vm.runInNewContext('gc')();
		}
		console.log(process.memoryUsage().arrayBuffers / 2 ** 20);`;
	return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

test('packets of many lengths leave no blocks of buffers behind', (t) => {
	const held = heldByPackets(lean);
	t.log(`${held} MiB`);
	t.true(held < 1, `holds ${held} MiB`);
	const plain = heldByPackets('');
	t.log(`${plain} MiB without`);
	t.true(plain > 8, `without it ${plain} MiB: the library keeps none any more`);
});

test('large blocks that were freed go back to the system, whatever lies between them', (t) => {
	const kept = held(lean);
	const plain = held('');
	t.true(kept < 10, `holds ${kept} MiB`);
	// Where the C library is glibc; any other may do as well by itself.
	const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;
	t.true(glibcVersionRuntime === undefined || plain > 30, `without it ${plain} MiB`);
});
