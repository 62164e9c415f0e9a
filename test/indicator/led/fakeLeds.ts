import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** A folder of plain files in the place of /sys/class/leds; a write is seen as its first line. */
export class FakeLeds {
	readonly root = fs.mkdtempSync(join(tmpdir(), 'phlebox-leds-'));

	constructor(t: ExecutionContext) {
		// Tests that look at rights read it as another user.
		fs.chmodSync(this.root, 0o755);
		t.teardown(() => fs.rmSync(this.root, { recursive: true }));
	}

	/** @param triggers content of the trigger file, null for a kernel without triggers */
	add(name: string, triggers: string | null, files: Record<string, string> = {}): string {
		const folder = join(this.root, name);
		fs.mkdirSync(folder);
		const all: Record<string, string> = { max_brightness: '255\n', brightness: '3\n', ...files };
		if (triggers !== null) all.trigger = `${triggers}\n`;
		if (triggers?.includes('pattern')) Object.assign(all, { pattern: '', repeat: '-1\n' });
		for (const [file, content] of Object.entries(all)) fs.writeFileSync(join(folder, file), content);
		return folder;
	}

	read(folder: string, file: string): string {
		return fs.readFileSync(join(folder, file), 'utf8').split('\n', 1)[0]!;
	}
}

/** A write to an LED's file, seen on its way. */
export interface LedWrite {
	/** `NAME/FILE`, such as `green/pattern`. */
	file: string;
	text: string;
}

/**
 * Watches every write of this process to files, in their order; they go through, unless `refuse` names an error code.
 * Tests that use it must be serial.
 */
export class WriteWatch {
	readonly writes: LedWrite[] = [];
	refuse: (write: LedWrite) => string | null = () => null;
	readonly #real = { openSync: fs.openSync, writeSync: fs.writeSync };

	constructor(t: ExecutionContext) {
		const paths = new Map<number, string>();
		const real = this.#real;
		fs.openSync = ((...parts: Parameters<typeof fs.openSync>) => {
			const file = real.openSync(...parts);
			paths.set(file, String(parts[0]));
			return file;
		}) as typeof fs.openSync;
		fs.writeSync = ((file: number, bytes: Uint8Array, offset: number, length: number, position: number) => {
			const path = paths.get(file) ?? '';
			const text = new TextDecoder().decode(bytes.subarray(offset, offset + length)).trim();
			const write = { file: `${basename(dirname(path))}/${basename(path)}`, text };
			const code = this.refuse(write);
			if (code !== null) throw Object.assign(new Error(`${code}: refused, write`), { code });
			this.writes.push(write);
			return real.writeSync(file, bytes, offset, length, position);
		}) as typeof fs.writeSync;
		syncBuiltinESMExports();
		t.teardown(() => {
			Object.assign(fs, real);
			syncBuiltinESMExports();
		});
	}

	/** The writes since the last call. */
	take(): string[] {
		return this.writes.splice(0).map(({ file, text }) => `${file} ${text}`);
	}
}
