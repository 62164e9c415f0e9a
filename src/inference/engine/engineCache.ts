import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, PhleboxError } from '../../errors.ts';
import { type EngineKey, engineName, keyText } from './engineKey.ts';

const sealFile = 'engine.json';
const building = 'building-';
/** Engines that are kept: of the model that runs, the one before it, and what is being tried; times two sets of options. */
const mostKept = 6;

/** What stands beside an engine: whose it is, and each file as it was when it gave the golden answers. */
const sealSchema = z.strictObject({
	schema: z.literal(1),
	key: z.string(),
	/** Runtime, TensorRT and device: an engine of another of these is of no use to anyone here. */
	machine: z.string(),
	files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

export type LookedUp = { folder: string } | { folder: null; why: string };

/**
 * Engines of TensorRT on the disk, a folder for each key. Only an engine that has given the golden answers gets a seal, and
 * only what is as it was sealed is used again; all else is thrown away.
 */
export class EngineCache {
	readonly #folder: string;

	constructor(folder: string) {
		this.#folder = folder;
	}

	/**
	 * The folder of a sound engine; otherwise why there is none. One that is not sound is gone afterwards.
	 * @throws PhleboxError store-failed
	 */
	look(key: EngineKey): LookedUp {
		return this.#try(() => {
			const folder = join(this.#folder, engineName(key));
			if (!statSync(folder, { throwIfNoEntry: false })) return { folder: null, why: 'no engine was built for it yet' };
			const wrong = faultOf(folder, key);
			if (wrong === null) return { folder };
			this.drop(key);
			return { folder: null, why: `its engine was thrown away: ${wrong}` };
		});
	}

	/** An empty folder to build in. What builds that broke off have left goes. @throws PhleboxError store-failed */
	begin(key: EngineKey): string {
		return this.#try(() => {
			mkdirSync(this.#folder, { recursive: true });
			for (const name of readdirSync(this.#folder))
				if (name.startsWith(building) && !lives(Number(name.split('-')[1])))
					rmSync(join(this.#folder, name), { recursive: true });
			const folder = join(this.#folder, `${building}${process.pid}-${engineName(key)}`);
			rmSync(folder, { recursive: true, force: true });
			mkdirSync(folder);
			return folder;
		});
	}

	/**
	 * What was built there has given the golden answers. Takes the place of an engine of the same key; engines of another
	 * runtime, TensorRT or device go, and the oldest of too many. @throws PhleboxError store-failed
	 */
	seal(key: EngineKey, built: string): void {
		this.#try(() => {
			const names = readdirSync(built);
			const files = Object.fromEntries(names.map((name) => [name, hashOf(join(built, name))]));
			const seal: z.infer<typeof sealSchema> = { schema: 1, key: keyText(key), machine: machineOf(key), files };
			writeFileSync(join(built, sealFile), `${JSON.stringify(seal)}\n`, { flush: true });
			this.drop(key);
			renameSync(built, join(this.#folder, engineName(key)));
			this.#collect(key);
		});
	}

	/** What was begun comes to nothing. */
	abandon(built: string): void {
		rmSync(built, { recursive: true, force: true });
	}

	drop(key: EngineKey): void {
		rmSync(join(this.#folder, engineName(key)), { recursive: true, force: true });
	}

	#collect(key: EngineKey): void {
		const engines = readdirSync(this.#folder)
			.filter((name) => !name.startsWith(building))
			.map((name) => join(this.#folder, name))
			.map((path) => ({ path, machine: readSeal(path)?.machine, at: statSync(path).mtimeMs }))
			.sort((a, b) => b.at - a.at);
		const useless = engines.filter(({ machine }, at) => machine !== machineOf(key) || at >= mostKept);
		for (const { path } of useless) rmSync(path, { recursive: true });
	}

	#try<Result>(act: () => Result): Result {
		try {
			return act();
		} catch (cause) {
			const words = `engines cannot be kept in ${this.#folder}: ${messageOf(cause)}`;
			throw new PhleboxError('store-failed', `${words}; set inference.engineFolder`, { cause });
		}
	}
}

function machineOf({ runtime, tensorRt, device }: EngineKey): string {
	return JSON.stringify([runtime, tensorRt, device]);
}

/** What keeps an engine from being used; null when it is as it was sealed. */
function faultOf(folder: string, key: EngineKey): string | null {
	const seal = readSeal(folder);
	if (!seal) return 'it has no seal that can be read';
	if (seal.key !== keyText(key)) return 'its seal is of another model, runtime, TensorRT, option or device';
	try {
		const names = readdirSync(folder).filter((name) => name !== sealFile);
		const stray = names.find((name) => !Object.hasOwn(seal.files, name));
		if (stray !== undefined) return `${stray} was not there when it was sealed`;
		const changed = Object.entries(seal.files).find(([name, hash]) => hashOf(join(folder, name)) !== hash);
		return changed ? `${changed[0]} is not as it was sealed` : null;
	} catch (error) {
		return messageOf(error);
	}
}

function readSeal(folder: string): z.infer<typeof sealSchema> | null {
	try {
		return sealSchema.parse(JSON.parse(readFileSync(join(folder, sealFile), 'utf8')));
	} catch {
		return null;
	}
}

function hashOf(file: string): string {
	return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function lives(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
