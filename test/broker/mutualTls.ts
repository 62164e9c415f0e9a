import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { shippedPath } from '../../src/packageRoot.ts';
import {
	makeAuthority,
	makeBroker,
	type Pair,
	type Span,
	signRequest,
	spanOfDays,
} from '../../src/provisioning/authority.ts';
import { makeRequest } from '../../src/provisioning/certificateRequest.ts';
import type { TlsOptions } from '../../src/telemetry/link/tlsFiles.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { Mosquitto } from './mosquitto.ts';

/** An authority, and whom it signed for. */
export class Site {
	readonly folder: string;
	readonly authority: Pair;

	private constructor(folder: string, authority: Pair) {
		this.folder = folder;
		this.authority = authority;
	}

	static async make(t: ExecutionContext, name = 'test authority'): Promise<Site> {
		const site = new Site(temporaryFolder(t), await makeAuthority(name, spanOfDays(30)));
		site.write('ca.crt', site.authority.certificate);
		return site;
	}

	write(name: string, text: string): string {
		const file = join(this.folder, name);
		writeFileSync(file, text);
		return file;
	}

	/** Key and certificate of a box or a person, as files. Written anew when called again. */
	async client(id: string, span: Span = spanOfDays(30)): Promise<TlsOptions> {
		const { key, request } = await makeRequest(id);
		const { certificate } = await signRequest(this.authority, request, span);
		return {
			caFile: join(this.folder, 'ca.crt'),
			certFile: this.write(`${id}.crt`, certificate),
			keyFile: this.write(`${id}.key`, key),
		};
	}

	async brokerFiles(span: Span = spanOfDays(30), hosts = ['localhost', '127.0.0.1']): Promise<void> {
		const { certificate, key } = await makeBroker(this.authority, hosts, span);
		this.write('broker.crt', certificate);
		this.write('broker.key', key);
	}

	/** Mosquitto with the settings and the access rules that are shipped in deploy. */
	async broker(t: ExecutionContext, span?: Span, hosts?: string[]): Promise<Mosquitto> {
		await this.brokerFiles(span, hosts);
		this.write('acl', readFileSync(shippedPath('deploy/mosquitto/acl'), 'utf8'));
		const settings = readFileSync(shippedPath('deploy/mosquitto/phlebox.conf'), 'utf8')
			.replaceAll('/etc/mosquitto/phlebox', this.folder)
			.split('\n')
			.filter((line) => !/^(#|$|listener|persistence_location|log_type)/.test(line));
		const broker = await Mosquitto.make(t, settings);
		await broker.start();
		return broker;
	}
}

/** Connection settings of mqtt.js for a client with these files. */
export function tlsSettings(tls: TlsOptions) {
	return { ca: readFileSync(tls.caFile), cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) };
}
