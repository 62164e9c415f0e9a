import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { messageOf, PhleboxError } from '../errors.ts';
import { environmentOverrides } from './environment.ts';
import { problemsOf } from './problems.ts';
import { type Config, configSchema } from './schema.ts';

/** A configuration before it is checked. */
export type Tree = Record<string, unknown>;

/**
 * The configuration from a YAML file, with the environment laid over it.
 * @param file path, or null for defaults alone
 * @throws PhleboxError config-invalid, whose message has one line for every problem, all of them at once
 */
export function loadConfig(file: string | null, environment: NodeJS.ProcessEnv = process.env): Config {
	const source = file ?? 'configuration';
	const { tree, problems } = readTree(file, environment);
	const parsed = configSchema.safeParse(tree);
	if (!parsed.success) problems.push(...problemsOf(parsed.error, tree));
	if (problems.length > 0 || !parsed.success) throw invalid(source, problems);
	return parsed.data;
}

/**
 * What file and environment say, without the defaults; what is wrong with the environment's names comes along.
 * @throws PhleboxError file-not-found, config-invalid
 */
export function readTree(file: string | null, environment: NodeJS.ProcessEnv): { tree: Tree; problems: string[] } {
	const tree = file === null ? {} : readYaml(file);
	const { overrides, problems } = environmentOverrides(environment);
	for (const { path, value } of overrides) lay(tree, path, value);
	return { tree, problems };
}

function invalid(source: string, problems: readonly string[]): PhleboxError {
	return new PhleboxError('config-invalid', problems.map((problem) => `${source}: ${problem}`).join('\n'));
}

function readYaml(file: string): Tree {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		throw new PhleboxError('file-not-found', `${file}: cannot be read (${messageOf(error)}); give a YAML file`, {
			cause: error,
		});
	}
	const document = parseDocument(text);
	if (document.errors.length > 0)
		throw invalid(
			file,
			document.errors.map((error) => `no valid YAML: ${messageOf(error)}`),
		);
	const tree: unknown = document.toJS() ?? {};
	if (typeof tree !== 'object' || Array.isArray(tree))
		throw invalid(file, ['holds no keys; `phlebox config --print-defaults` shows what a configuration looks like']);
	return tree as Tree;
}

/** Sets the value at a path; makes what is missing on the way. */
export function lay(tree: Tree, path: readonly string[], value: unknown): void {
	let at = tree;
	for (const key of path.slice(0, -1)) {
		if (typeof at[key] !== 'object' || at[key] === null) at[key] = {};
		at = at[key] as Tree;
	}
	at[path.at(-1)!] = value;
}
