import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { messageOf, PhleboxError } from '../../errors.ts';
import { numberOption } from '../numberOption.ts';

const days = (command: Command, preset: number) =>
	command.option('--days <n>', 'how long the certificate holds', numberOption(1, 36_500), preset);

export function provisionCommand(): Command {
	const command = new Command('provision').description(
		'Keys and certificates for mutual TLS; the key of a box is made on the box and never leaves it',
	);
	command
		.command('request')
		.description('on the box: makes its key and the request for its certificate')
		.argument('<box>', 'id of the box')
		.requiredOption('--out <folder>', 'where BOX.key and BOX.csr go')
		.action(request);
	days(command.command('authority'), 3650)
		.description('where certificates are signed: makes an authority of your own; keep its key there')
		.requiredOption('--out <folder>', 'where ca.key and ca.crt go')
		.option('--name <name>', 'its name', 'Phlebox authority')
		.action(authority);
	days(command.command('sign'), 365)
		.description('where certificates are signed: the certificate for a request')
		.argument('<request>', 'BOX.csr')
		.requiredOption('--authority <folder>', 'with ca.key and ca.crt')
		.requiredOption('--out <file>', 'the certificate, BOX.crt')
		.action(sign);
	days(command.command('broker'), 365)
		.description('where certificates are signed: key and certificate of a broker')
		.argument('<host...>', 'names and addresses that boxes reach it by')
		.requiredOption('--authority <folder>', 'with ca.key and ca.crt')
		.requiredOption('--out <folder>', 'where broker.key and broker.crt go')
		.action(broker);
	return command;
}

async function request(box: string, { out }: { out: string }): Promise<void> {
	const { makeRequest } = await import('../../provisioning/certificateRequest.ts');
	const { key, request: csr } = await makeRequest(box);
	writeSecret(join(out, `${box}.key`), key);
	write(join(out, `${box}.csr`), csr);
	console.log(`${join(out, `${box}.csr`)}: have it signed; ${box}.key stays here`);
}

async function authority({ out, name, days }: { out: string; name: string; days: number }): Promise<void> {
	const { makeAuthority, spanOfDays } = await import('../../provisioning/authority.ts');
	const { certificate, key } = await makeAuthority(name, spanOfDays(days));
	writeSecret(join(out, 'ca.key'), key);
	write(join(out, 'ca.crt'), certificate);
	console.log(`${join(out, 'ca.crt')}: give it to broker and boxes; ca.key stays here`);
}

async function sign(file: string, options: { authority: string; out: string; days: number }): Promise<void> {
	const { signRequest, spanOfDays } = await import('../../provisioning/authority.ts');
	const { id, certificate } = await signRequest(pairIn(options.authority), read(file), spanOfDays(options.days));
	write(options.out, certificate);
	console.log(`${options.out}: certificate of the box ${id} for ${options.days} days`);
}

async function broker(hosts: string[], options: { authority: string; out: string; days: number }): Promise<void> {
	const { makeBroker, spanOfDays } = await import('../../provisioning/authority.ts');
	const { certificate, key } = await makeBroker(pairIn(options.authority), hosts, spanOfDays(options.days));
	writeSecret(join(options.out, 'broker.key'), key);
	write(join(options.out, 'broker.crt'), certificate);
	console.log(`${join(options.out, 'broker.crt')}: certificate of the broker ${hosts.join(', ')}`);
}

function pairIn(folder: string): { certificate: string; key: string } {
	return { certificate: read(join(folder, 'ca.crt')), key: read(join(folder, 'ca.key')) };
}

function read(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new PhleboxError('file-not-found', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
	}
}

/** A key that is there is never replaced: whatever it was used for would end. */
function writeSecret(file: string, text: string): void {
	if (existsSync(file))
		throw new PhleboxError('bad-usage', `${file} is there already: move it away first, or give another --out`);
	write(file, text, 0o600);
}

function write(file: string, text: string, mode = 0o644): void {
	try {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text, { mode });
		chmodSync(file, mode);
	} catch (error) {
		throw new PhleboxError('store-failed', `${file} cannot be written: ${messageOf(error)}`, { cause: error });
	}
}
