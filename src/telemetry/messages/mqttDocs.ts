import { z } from 'zod';
import { alertCodes } from './alertCodes.ts';
import { type CatalogueEntry, catalogue, jsonSchemaOf } from './catalogue.ts';
import { commands } from './command.ts';

interface JsonSchema {
	type?: string;
	description?: string;
	enum?: unknown[];
	const?: unknown;
	anyOf?: JsonSchema[];
	properties?: Record<string, JsonSchema>;
	items?: JsonSchema;
	format?: string;
	pattern?: string;
}

/** docs/mqtt.md: every topic, field and alert, with an example of each message. */
export function renderMqttDocs(): string {
	const entries: CatalogueEntry[] = Object.values(catalogue);
	return `# Messages on MQTT

<!-- Generated from src/telemetry/messages by \`npm run generate\`; a test fails when it is stale. -->

MQTT 5, or 3.1.1 without what only 5 has (expiry, reason codes, will delay). JSON in UTF-8. Every topic begins with
\`{root}/v1/{box}/\`: the root is \`phlebox\` unless configured, the box is also the client id, so that one rule at the broker
fences each box. No patient, site name or person is in any topic or message, and no picture.

- Results and events are stored on the box first and leave its store only when the broker has acknowledged them. Resends
  make a message arrive twice at times: **de-duplicate by \`id\`**. Order is kept; \`seq\` tells what is missing.
- Consumers share the work with \`$share/ingest/{root}/v1/+/result/#\` (MQTT 5).
- \`schema\` is the version of the message. New fields may come without a new version: ignore what you do not know.
- The words are *captured*, *not captured* and *not seen*. None of them names a disease: a vein that was not seen to close
  can be a clot, an old scar or too little pressure.

| topic | direction | QoS | retained | expiry | stored | content |
|---|---|---|---|---|---|---|
${entries.map(topicRow).join('\n')}

${entries.map(section).join('\n')}
## Commands

Published on \`cmd\` by whom the broker lets. Each is run once: QoS 1 may bring it twice, so it is known by its id, also over
restarts of the box. What is not valid is refused whole, with the reason in the reply.

| command | arguments | what it does |
|---|---|---|
${Object.entries(commands)
	.map(([name, { args, content }]) => `| \`${name}\` | ${argsOf(args)} | ${content} |`)
	.join('\n')}

## Alerts

| code | meaning |
|---|---|
${Object.entries(alertCodes)
	.map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
	.join('\n')}
`;
}

function topicRow(entry: CatalogueEntry): string {
	const expiry = entry.expiryIntervals === null ? 'never' : `${entry.expiryIntervals} health intervals`;
	return `| \`${entry.topic}\` | ${entry.direction} | ${entry.qos} | ${yes(entry.retained)} | ${expiry} | ${yes(entry.stored)} | ${entry.content} |`;
}

function argsOf(args: z.ZodType): string {
	const fields = Object.entries((z.toJSONSchema(args) as JsonSchema).properties ?? {});
	return fields.map(([name, field]) => `\`${name}\`: ${typeOf(field)}. ${descriptionOf(field)}`).join('; ') || 'none';
}

function yes(value: boolean): string {
	return value ? 'yes' : 'no';
}

function section(entry: CatalogueEntry): string {
	const schema = jsonSchemaOf(entry.docSchema ? { ...entry, schema: entry.docSchema } : entry) as JsonSchema;
	return `## ${entry.topic}

| field | type | what it is |
|---|---|---|
${rows(schema, '').join('\n')}

\`\`\`json
${JSON.stringify(entry.example, null, 2)}
\`\`\`
`;
}

function rows(schema: JsonSchema, prefix: string): string[] {
	return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
		const inner = innerObject(field);
		const own = `| \`${prefix}${name}\` | ${typeOf(field)} | ${descriptionOf(field)} |`;
		return inner ? [own, ...rows(inner.schema, `${prefix}${name}${inner.suffix}.`)] : [own];
	});
}

function descriptionOf(field: JsonSchema): string {
	return field.description ?? field.anyOf?.find((part) => part.description)?.description ?? '';
}

/** The object inside a field that is one, may be null or is a list of them. */
function innerObject(field: JsonSchema): { schema: JsonSchema; suffix: string } | null {
	if (field.properties) return { schema: field, suffix: '' };
	if (field.items?.properties) return { schema: field.items, suffix: '[]' };
	for (const part of field.anyOf ?? []) {
		const inner = innerObject(part);
		if (inner) return inner;
	}
	return null;
}

function typeOf(field: JsonSchema): string {
	if (field.const !== undefined) return `\`${field.const}\``;
	if (field.enum) return field.enum.map((word) => `\`${word}\``).join(', ');
	if (field.anyOf) return [...new Set(field.anyOf.map(typeOf))].join(' or ');
	if (field.type === 'array') return field.items ? `list of ${typeOf(field.items)}` : 'list';
	if (field.format === 'date-time') return 'time (ISO 8601, UTC)';
	return field.type ?? 'any';
}
