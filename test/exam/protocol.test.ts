import test from 'ava';
import { PhleboxError } from '../../src/errors.ts';
import { checkProtocol, type Protocol, protocolDefaults } from '../../src/exam/protocol.ts';
import { createExam } from '../../src/exam/state.ts';

test('the defaults are a protocol', (t) => {
	t.notThrows(() => checkProtocol(protocolDefaults));
});

const wrong: [RegExp, Partial<Protocol>][] = [
	[/sites is empty/, { sites: [] }],
	[/one landmark twice: sfj, sfj/, { sites: ['sfj', 'sfj'] }],
	[/"none", which is no landmark/, { sites: ['none'] }],
	[/side is "up"; use one of left, right, unknown/, { side: 'up' as 'left' }],
	[/threshold open is 0;/, { thresholds: { landmark: 0.5, open: 0, closed: 0.5 } }],
	[/threshold closed is 1.1;/, { thresholds: { landmark: 0.5, open: 0.5, closed: 1.1 } }],
	[/threshold landmark is NaN;/, { thresholds: { landmark: Number.NaN, open: 0.5, closed: 0.5 } }],
	[/closedImages is 0;/, { closedImages: 0 }],
	[/closedImages is 1.5;/, { closedImages: 1.5 }],
	[/openMs is -1;/, { openMs: -1 }],
	[/closedMs is 0; use milliseconds above 0/, { closedMs: 0 }],
	[/idleEndMs is Infinity;/, { idleEndMs: Number.POSITIVE_INFINITY }],
];
for (const [message, parts] of wrong)
	test(`an exam refuses rules that make no sense: ${message.source}`, (t) => {
		const error = t.throws(() => createExam({ ...protocolDefaults, ...parts }), { instanceOf: PhleboxError, message });
		t.is((error as PhleboxError).code, 'config-invalid');
	});
