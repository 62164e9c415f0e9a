import test from 'ava';
import { foreignHost } from '../../src/web/hostCheck.ts';

for (const [host, bound, foreign] of [
	['127.0.0.1:8080', '127.0.0.1', false],
	['localhost:8080', '127.0.0.1', false],
	['LOCALHOST', '127.0.0.1', false],
	['[::1]:8080', '::1', false],
	['box3', '127.0.0.1', true],
	['192.0.2.7', '127.0.0.1', true],
	['127.0.0.1.evil.example', '127.0.0.1', true],
	['192.0.2.7:8080', '0.0.0.0', false],
	['[2001:db8::7]:8080', '::', false],
	['localhost', '0.0.0.0', false],
	['box3:8080', '0.0.0.0', false],
	['BOX3.local', '0.0.0.0', false],
	['box3.ward.example', '192.0.2.7', false],
	['evil.example', '0.0.0.0', true],
	['evil.box3', '0.0.0.0', true],
	['', '0.0.0.0', true],
	[undefined, '0.0.0.0', true],
] as const)
	test(`${host} at a box on ${bound} is ${foreign ? 'refused' : 'let in'}`, (t) => {
		t.is(foreignHost(host, bound, 'box3'), foreign);
	});
