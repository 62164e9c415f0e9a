import { stringify } from 'yaml';
import { allowedWords, configJsonSchema, environmentName, type JsonSchema, leaves } from './jsonSchema.ts';
import { configSchema } from './schema.ts';

/** A configuration file that holds every key with its default and a comment; loading it changes nothing. */
export function renderDefaults(): string {
	return `# Phlebox: every key with its default. Keep only what you change.\n${section(configJsonSchema(), configSchema.parse({}), 0)}`;
}

function section(schema: JsonSchema, values: unknown, depth: number): string {
	const indent = '  '.repeat(depth);
	return Object.entries(schema.properties ?? {})
		.map(([key, inner]) => {
			const value = (values as Record<string, unknown>)[key];
			if (inner.properties) return `${indent}${key}:\n${section(inner, value, depth + 1)}`;
			return `${indent}# ${inner.description}\n${indent}${key}: ${stringify(value, { collectionStyle: 'flow' })}`;
		})
		.join('');
}

/** docs/config.md. */
export function renderConfigDocs(): string {
	const schema = configJsonSchema();
	const groups = new Map<string, string[]>();
	for (const leaf of leaves(schema)) {
		const group = leaf.path.length === 1 ? '' : leaf.path.slice(0, -1).join('.');
		const rows = groups.get(group) ?? [];
		rows.push(row(leaf.path, leaf.schema));
		groups.set(group, rows);
	}
	const tables = [...groups].map(
		([group, rows]) =>
			`## ${group}\n\n| key | default | allowed | what it does |\n|---|---|---|---|\n${rows.join('\n')}\n`,
	);
	return `# Configuration

<!-- Generated from src/config/schema.ts by \`npm run generate\`; a test fails when it is stale. -->

A YAML file, given by \`phlebox run --config FILE\`. What it leaves out has the default below. Unknown keys and values that
are not allowed are refused, all of them at once: \`phlebox config --check FILE\` tells without starting anything, and
\`phlebox config --print-defaults\` prints a whole file. JSON Schema for editors: \`docs/schema/config.schema.json\`.

An environment variable overrides the file. Its name is the key in capitals with underscores: \`${environmentName(['mqtt', 'url'])}\`
sets \`mqtt.url\`, \`${environmentName(['capture', 'v4l2', 'reopenMs'])}\` sets \`capture.v4l2.reopenMs\`. Lists are written as in YAML.

${tables.join('\n')}`;
}

function row(path: readonly string[], schema: JsonSchema): string {
	const cells = [
		`\`${path.at(-1)}\``,
		`\`${JSON.stringify(schema.default)}\``,
		allowedWords(schema),
		schema.description ?? '',
	];
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
