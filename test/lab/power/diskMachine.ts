import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `test/lab/run`: the machine ended without a result. */
const vanished = 122;

/** Machines, one after the other, over one and the same disk: ext4 on virtio, 4 GiB (sparse), /dev/vda. Started from the host. */
export class DiskMachine {
	readonly #folder = mkdtempSync(join(process.env.PHLEBOX_LAB_FOLDER!, 'power-'));
	readonly #disk = join(this.#folder, 'disk');

	constructor() {
		writeFileSync(this.#disk, '');
		truncateSync(this.#disk, 4 * 2 ** 30);
		execFileSync('mkfs.ext4', ['-q', '-F', this.#disk]);
	}

	/**
	 * Runs a compiled program of test/lab/power in a machine.
	 * @param isCut whether the program has its machine's power cut, or ends
	 * @returns the lines it printed
	 * @throws Error when the machine ended otherwise
	 */
	async run(program: string, args: readonly string[], isCut: boolean): Promise<string[]> {
		const options = ['--disk', this.#disk, '--modules', 'virtio_blk,ext4', '--timeout', '400'];
		const command = [process.execPath, `build/test/lab/power/${program}`, ...args];
		const child = spawn('test/lab/run', [...options, '--', ...command], {
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...process.env, TMPDIR: this.#folder },
		});
		const lines: string[] = [];
		createInterface(child.stdout).on('line', (line) => lines.push(line));
		const errors: string[] = [];
		child.stderr.on('data', (text) => errors.push(String(text)));
		const [code] = await once(child, 'close');
		assert.equal(code, isCut ? vanished : 0, [...lines.slice(-5), ...errors].join(' '));
		return lines;
	}

	/** @throws Error when the file system on the disk is not whole */
	checkFileSystem(): void {
		execFileSync('e2fsck', ['-f', '-n', this.#disk], { stdio: 'pipe' });
	}
}
