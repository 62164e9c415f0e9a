import { parse } from 'yaml';
import { configJsonSchema, environmentName, leaves } from './jsonSchema.ts';
import { nearest } from './problems.ts';

export interface Override {
	path: readonly string[];
	value: unknown;
}

/**
 * The values that environment variables set. A name that begins like one of the configuration's sections but is no key
 * is a problem: it would otherwise be a setting that silently does nothing.
 */
export function environmentOverrides(environment: NodeJS.ProcessEnv): { overrides: Override[]; problems: string[] } {
	const schema = configJsonSchema();
	const names = new Map([...leaves(schema)].map((leaf) => [environmentName(leaf.path), leaf]));
	const sections = Object.keys(schema.properties ?? {}).map((key) => `${environmentName([key])}_`);
	const overrides: Override[] = [];
	const problems: string[] = [];
	for (const [name, text] of Object.entries(environment)) {
		if (text === undefined) continue;
		const leaf = names.get(name);
		if (leaf) overrides.push({ path: leaf.path, value: leaf.schema.type === 'string' ? text : readValue(text) });
		else if (sections.some((section) => name.startsWith(section)))
			problems.push(`environment variable ${name}: sets no key${nearest(name, [...names.keys()])}`);
	}
	return { overrides, problems };
}

/** Lists, numbers and words are written as in YAML: `[yuyv, grey]`, `250`, `null`. */
function readValue(text: string): unknown {
	try {
		return parse(text);
	} catch {
		return text;
	}
}
