import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeAuthority, makeBroker, signRequest, spanOfDays } from '../../src/provisioning/authority.ts';
import { makeRequest, readRequest } from '../../src/provisioning/certificateRequest.ts';
import { phlebox } from '../cli/phlebox.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';

test('a request names the box and proves that its sender holds the key, which is not in it', async (t) => {
	const { key, request } = await makeRequest('box-1');
	t.is((await readRequest(request)).id, 'box-1');
	t.regex(key, /^-----BEGIN PRIVATE KEY-----\n/);
	t.notRegex(request, /PRIVATE/);
});

test('a request that was tampered with, or is none, is not signed', async (t) => {
	const authority = await makeAuthority('a', spanOfDays(1));
	const { request } = await makeRequest('box-1');
	const der = Buffer.from(request.replace(/-----.*-----|\n/g, ''), 'base64');
	der[der.indexOf('box-1') + 4] = '2'.charCodeAt(0);
	const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
	await t.throwsAsync(signRequest(authority, forged, spanOfDays(1)), {
		code: 'certificate-invalid',
		message: /not signed by the key/,
	});
	await t.throwsAsync(signRequest(authority, 'no PEM', spanOfDays(1)), { code: 'certificate-invalid' });
});

for (const id of ['', 'a/b', 'a+', '#', 'a,CN=box-2', 'x'.repeat(65)])
	test(`'${id.slice(0, 12)}' is no name of a box`, async (t) => {
		await t.throwsAsync(makeRequest(id), { code: 'bad-usage', message: /is no name of a box/ });
	});

test('a certificate is for its box or its broker, for the time given, and signed by the authority', async (t) => {
	const authority = await makeAuthority('a', spanOfDays(10));
	const { request } = await makeRequest('box-1');
	const { id, certificate } = await signRequest(authority, request, spanOfDays(3));
	t.is(id, 'box-1');
	const box = new X509Certificate(certificate);
	const ca = new X509Certificate(authority.certificate);
	t.is(box.subject, 'CN=box-1');
	t.false(box.ca);
	t.true(ca.ca);
	t.true(box.verify(ca.publicKey));
	t.deepEqual(box.keyUsage, ['1.3.6.1.5.5.7.3.2']);
	t.true(Math.abs(Date.parse(box.validTo) - Date.now() - 3 * 86_400_000) < 60_000);
	const broker = new X509Certificate(
		(await makeBroker(authority, ['b.example', '10.0.0.1'], spanOfDays(1))).certificate,
	);
	t.is(broker.subjectAltName, 'DNS:b.example, IP Address:10.0.0.1');
	t.deepEqual(broker.keyUsage, ['1.3.6.1.5.5.7.3.1']);
});

test('from nothing to a signed box, by the commands alone; a key is readable by its owner only and never replaced', async (t) => {
	const folder = temporaryFolder(t);
	const at = (...parts: string[]) => join(folder, ...parts);
	const run = async (...args: string[]) => {
		const { code, stderr } = await phlebox(['provision', ...args]);
		t.is(code, 0, stderr);
	};
	await run('authority', '--out', at('authority'));
	await run('request', 'box-1', '--out', at('box'));
	await run('sign', at('box/box-1.csr'), '--authority', at('authority'), '--out', at('box/box-1.crt'));
	await run('broker', 'localhost', '--authority', at('authority'), '--out', at('broker'));
	for (const key of ['authority/ca.key', 'box/box-1.key', 'broker/broker.key'])
		t.is(statSync(at(key)).mode & 0o777, 0o600);
	t.is(new X509Certificate(readFileSync(at('box/box-1.crt'))).subject, 'CN=box-1');
	t.true(existsSync(at('broker/broker.crt')));
	const key = readFileSync(at('box/box-1.key'), 'utf8');
	const again = await phlebox(['provision', 'request', 'box-1', '--out', at('box')]);
	t.is(again.code, 2);
	t.regex(again.stderr, /^phlebox: \S+box-1\.key is there already: [^\n]+\n$/);
	t.is(readFileSync(at('box/box-1.key'), 'utf8'), key);
	const none = await phlebox(['provision', 'sign', at('none'), '--authority', at('authority'), '--out', at('x')]);
	t.is(none.code, 1);
	t.regex(none.stderr, /^phlebox: \S+none cannot be read: [^\n]+\n$/);
});
