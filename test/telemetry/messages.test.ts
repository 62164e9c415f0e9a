import test from 'ava';
import type { ExamRecord, SiteRecord } from '../../src/exam/record.ts';
import { alertCodeWords } from '../../src/telemetry/messages/alertCodes.ts';
import { type CatalogueEntry, catalogue, messageJsonSchemas } from '../../src/telemetry/messages/catalogue.ts';
import { type ExamContext, examMessage } from '../../src/telemetry/messages/examMessages.ts';
import { renderMqttDocs } from '../../src/telemetry/messages/mqttDocs.ts';
import { siteResultExample } from '../../src/telemetry/messages/siteResult.ts';
import { wirePayload } from '../../src/telemetry/wire.ts';

const entries: [string, CatalogueEntry][] = Object.entries(catalogue);

/** Came later: a fleet has boxes that do not send them yet. */
const later: Record<string, readonly string[]> = { birth: ['providersRefused'], health: ['inference'] };

for (const [name, entry] of entries) {
	test(`the example of ${name} obeys its schema, and every field of it is needed`, (t) => {
		const example = entry.example as Record<string, unknown>;
		entry.schema.parse(example);
		for (const field of Object.keys(example)) {
			const { [field]: _, ...rest } = example;
			const missing = entry.schema.safeParse(rest).success;
			t.is(missing, later[name]?.includes(field) ?? false, `${field} may be missing: ${missing}`);
			t.false(entry.schema.safeParse({ ...example, [field]: Symbol('wrong') }).success, `${field} may be anything`);
		}
	});

	test(`${name} takes a field that a later version adds`, (t) => {
		t.true(entry.schema.safeParse({ ...(entry.example as object), later: 1 }).success);
		t.not(messageJsonSchemas()[name]!.additionalProperties, false);
	});
}

test('topics stay below seven levels under a root of two, and hold no wildcard', (t) => {
	for (const [, { topic }] of entries) {
		t.true(`root/site/v1/box/${topic}`.split('/').length <= 7);
		t.notRegex(topic, /[+#\s]/);
	}
});

test('what is stored is of QoS 1 and not retained; what is retained is not stored', (t) => {
	for (const [name, entry] of entries) {
		if (entry.stored) t.deepEqual([entry.qos, entry.retained, name], [1, false, name]);
		if (entry.retained) t.false(entry.stored);
	}
});

test('no message has a place for a patient, a person, a picture or a disease', (t) => {
	const fields = JSON.stringify(messageJsonSchemas()).match(/"\w+":/g)!;
	t.deepEqual(
		fields.filter((field) => /patient|person|operator|birthday|name_|picture|image"|thrombus|clot|dvt/i.test(field)),
		[],
	);
	t.notRegex(alertCodeWords.join(), /patient|clot|dvt/);
});

const site: SiteRecord = {
	site: 'sfj',
	outcome: 'captured',
	presses: 2,
	firstSeenMs: 1000,
	openMs: 4000,
	closedMs: 4100.25,
	capturedMs: 4300.5,
	closedForMs: 200.26,
	closedConfidence: 0.900_049,
	landmarkConfidence: 0.8,
	closedImages: 12,
};
const unseen: SiteRecord = {
	...site,
	site: 'fv',
	outcome: 'not-seen',
	presses: 0,
	firstSeenMs: null,
	openMs: null,
	closedMs: null,
	capturedMs: null,
	closedForMs: 0,
	closedConfidence: 0,
	landmarkConfidence: 0,
	closedImages: 0,
};
const examinationId = '01JNAYF3Q7C5D8E1G3H6J9KMNP';
const context: ExamContext = {
	examinationId,
	input: 'simulator',
	model: siteResultExample.model,
	software: '9.9.9',
	latency: null,
	nextId: () => '01JNAYGQ5T8B1N4F7H0K3M6PRS',
	wallClock: (ms) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString(),
};

function sent(record: ExamRecord) {
	const { name, payload } = examMessage(record, context);
	const { topic, schema } = catalogue[name];
	const draft = { id: payload.id, topic, qos: 1 as const, payload, createdAt: payload.measuredAt };
	const message = JSON.parse(wirePayload({ ...draft, seq: 7, boot: 3 }, 3, Date.parse(draft.createdAt), 1000));
	schema.parse(message);
	return { name, message };
}

test('the start of an examination is an event', (t) => {
	const { name, message } = sent({ kind: 'examination-started', examination: 4, side: 'left', atMs: 500 });
	t.is(name, 'event');
	t.like(message, {
		event: 'examination-started',
		measuredAt: '2026-01-01T00:00:00.500Z',
		details: { examination: examinationId, number: 4, side: 'left' },
		seq: 7,
		boot: 3,
		historical: false,
	});
});

test('a captured site is a result: moments become wall-clock times, durations stay as measured', (t) => {
	const { name, message } = sent({ kind: 'site', examination: 4, side: 'right', atMs: 4301, site });
	t.is(name, 'siteResult');
	t.deepEqual(message, {
		schema: 1,
		id: '01JNAYGQ5T8B1N4F7H0K3M6PRS',
		seq: 7,
		boot: 3,
		historical: false,
		measuredAt: '2026-01-01T00:00:04.301Z',
		examination: { id: examinationId, number: 4 },
		input: 'simulator',
		model: siteResultExample.model,
		software: '9.9.9',
		latency: null,
		side: 'right',
		site: 'sfj',
		outcome: 'captured',
		presses: 2,
		firstSeenAt: '2026-01-01T00:00:01.000Z',
		openAt: '2026-01-01T00:00:04.000Z',
		closedAt: '2026-01-01T00:00:04.100Z',
		capturedAt: '2026-01-01T00:00:04.300Z',
		closedForMs: 200.3,
		closedImages: 12,
		closedConfidence: 0.9,
		landmarkConfidence: 0.8,
	});
});

test('the end of an examination carries every site of the protocol', (t) => {
	const { name, message } = sent({
		kind: 'examination',
		examination: 4,
		side: 'unknown',
		startedMs: 500,
		atMs: 60_500.04,
		outcome: 'not-captured',
		endedBy: 'cancelled',
		sites: [site, unseen],
	});
	t.is(name, 'examinationResult');
	t.like(message, {
		outcome: 'not-captured',
		endedBy: 'cancelled',
		startedAt: '2026-01-01T00:00:00.500Z',
		endedAt: '2026-01-01T00:01:00.500Z',
		durationMs: 60_000,
	});
	t.deepEqual(
		message.sites.map((one: { site: string; outcome: string; openAt: unknown }) => [one.site, one.outcome, one.openAt]),
		[
			['sfj', 'captured', '2026-01-01T00:00:04.000Z'],
			['fv', 'not-seen', null],
		],
	);
});

test('the docs name every topic, every alert and every field', (t) => {
	const docs = renderMqttDocs();
	for (const [, { topic, example }] of entries) {
		t.true(docs.includes(`## ${topic}\n`));
		for (const field of Object.keys(example as object)) t.true(docs.includes(`| \`${field}\` |`), field);
	}
	for (const code of alertCodeWords) t.true(docs.includes(`| \`${code}\` |`));
	t.true(docs.includes('| `sites[].closedForMs` |'));
	t.notRegex(docs, /undefined|\[object/);
});
