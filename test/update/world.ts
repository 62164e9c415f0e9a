import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { downloadDefaults } from '../../src/update/box/download.ts';
import { fetchModel, type Intent } from '../../src/update/box/fetchModel.ts';
import { ObjectStore, type StoreLimits, storeDefaults } from '../../src/update/box/objectStore.ts';
import { type OriginLimits, originAt } from '../../src/update/box/origin.ts';
import { TrustedMetadata } from '../../src/update/box/trustedList.ts';
import { renewTargets } from '../../src/update/publisher/publish.ts';
import { Repository } from '../../src/update/publisher/repository.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { temporaryFolder } from '../inference/tinyPackage.ts';
import { type Keys, makeKeys, makeRepository, release, releasers } from './publishing.ts';
import { RepositoryServer } from './server.ts';

export const start = new Date('2026-05-04T03:02:01Z');
export const later = (days: number): Date => new Date(start.getTime() + days * 86_400_000);

/** On a machine that does much else, nothing but a fault may run into a deadline. */
const patient = (): OriginLimits => ({ silenceMs: 600_000, readMs: 600_000 });
const patientDownload = { ...downloadDefaults, backoffMs: 1, allowanceMs: 600_000 };

/** A publisher, a web server and a box that has taken model 1.0.0 already. */
export class World {
	readonly keys: Keys = makeKeys();
	readonly repository: Repository = makeRepository(this.keys, start);
	readonly folder: string = temporaryFolder();
	readonly server = new RepositoryServer(this.repository.folder);
	/** Waits of the client; rows in which a server is silent shorten them. */
	limits = patient();
	download = patientDownload;
	storeLimits: StoreLimits = storeDefaults;
	free = 1e12;
	clock = start;
	url = '';
	/** Where the box looks; a row may point it to a folder. */
	location: string | null = null;
	/** What the box is told to fetch. */
	wanted = '1.1.0';
	intent: Partial<Intent> = {};

	static async make(t: ExecutionContext): Promise<World> {
		const world = new World();
		release(world.repository, world.keys, '1.0.0', start);
		world.url = await world.server.start();
		t.teardown(() => world.server.stop());
		await world.update('1.0.0');
		return world;
	}

	get store(): ObjectStore {
		return new ObjectStore(join(this.folder, 'store'), this.storeLimits, () => this.free);
	}

	get trusted(): TrustedMetadata {
		const firstRoot = readFileSync(join(this.repository.folder, 'metadata/1.root.json'), 'utf8');
		return new TrustedMetadata(join(this.folder, 'metadata'), firstRoot);
	}

	/** What the box does: asks what there is, and fetches what is wanted. */
	async update(version: string, intent: Partial<Intent> = {}) {
		const origin = originAt(this.location ?? this.url, this.limits);
		const list = await this.trusted.refresh(origin, this.clock);
		return {
			list,
			...(await fetchModel(origin, list, this.store, { name: 'tiny', version, ...intent }, this.download)),
		};
	}

	/** A publisher's next model, signed by all. */
	publish(version: string, now = start) {
		return release(this.repository, this.keys, version, now);
	}

	/** Bytes of a file of the repository. */
	file(name: string): Buffer {
		return readFileSync(join(this.repository.folder, name));
	}

	/** The same repository, elsewhere: what an attacker works on who has all its files. */
	copy(): Repository {
		const folder = join(temporaryFolder(), 'copy');
		cpSync(this.repository.folder, folder, { recursive: true });
		return new Repository(folder);
	}

	/** The server gives these bytes instead of a file. */
	replace(match: RegExp, bytes: (path: string) => Uint8Array): void {
		this.server.misbehave = (path, response) => {
			if (!match.test(path)) return false;
			response.writeHead(200).end(bytes(path));
			return true;
		};
	}

	/** Beside what it does already. */
	replaceAlso(match: RegExp, bytes: (path: string) => Uint8Array): void {
		const before = this.server.misbehave;
		this.server.misbehave = (path, response, request) => {
			if (!match.test(path)) return before(path, response, request);
			response.writeHead(200).end(bytes(path));
			return true;
		};
	}

	/** Server, link, disk and clock are in order again. */
	mend(): void {
		this.server.misbehave = () => false;
		this.limits = patient();
		this.download = patientDownload;
		this.storeLimits = storeDefaults;
		this.free = 1e12;
		this.location = null;
		if (this.clock > later(1000)) this.clock = start;
	}

	/** A publisher whose online keys were misused goes on above what the thief has signed. */
	versionsAbove(version: number): void {
		const below = this.repository.latestVersion('targets');
		for (let at = below; at < version; at++) {
			renewTargets(this.repository, start);
			signRepository(this.repository, releasers(this.keys), start);
		}
	}

	/** The server answers out of another folder. */
	impersonate({ folder }: Repository): void {
		this.server.misbehave = (path, response) => {
			try {
				const bytes = readFileSync(join(folder, path));
				response.writeHead(200).end(bytes);
			} catch {
				response.writeHead(404).end();
			}
			return true;
		};
	}
}
