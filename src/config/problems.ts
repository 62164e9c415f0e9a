import type { z } from 'zod';
import { allowedWords, configJsonSchema, schemaAt } from './jsonSchema.ts';

/** One line for each thing that is wrong: the key, what is wrong, what is allowed. */
export function problemsOf(error: z.ZodError, tree: unknown): string[] {
	const root = configJsonSchema();
	return error.issues.flatMap(unfold).flatMap((issue) => {
		const at = nameOf(issue.path);
		if (issue.code === 'unrecognized_keys') {
			const at = schemaAt(issue.path, root);
			const keys = [at, ...(at?.anyOf ?? [])].flatMap((each) => Object.keys(each?.properties ?? {}));
			return issue.keys.map(
				(key) => `${nameOf([...issue.path, key])}: unknown key${nearest(key, keys)}; allowed here: ${keys.join(', ')}`,
			);
		}
		// A fault inside one branch of a choice is told as a fault of the whole choice.
		let known = issue.path;
		while (!schemaAt(known, root)) known = known.slice(0, -1);
		const schema = schemaAt(known, root)!;
		const value = valueAt(tree, issue.path);
		if (issue.code === 'custom') return [`${at}: ${JSON.stringify(value)} is not allowed; ${issue.message}`];
		const quotes = schema.type === 'string' && /^(number|boolean)$/.test(typeof value) ? `, in quotes: "${value}"` : '';
		return [`${at}: ${JSON.stringify(value) ?? 'nothing'} is not allowed; allowed: ${allowedWords(schema)}${quotes}`];
	});
}

/** A choice of which one branch is an object: what is wrong with an object is told as that branch's. */
function unfold(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
	if (issue.code !== 'invalid_union') return [issue];
	const inside = ({ path, code }: z.core.$ZodIssue) => code === 'unrecognized_keys' || typeof path[0] === 'string';
	const branch = issue.errors.find((issues) => issues.length > 0 && issues.every(inside));
	return branch?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })) ?? [issue];
}

function nameOf(path: readonly PropertyKey[]): string {
	return path
		.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
		.join('')
		.replace(/^\./, '');
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], tree);
}

/** ` (did you mean X?)` where one of the words is close enough to be a slip of the keyboard. */
export function nearest(word: string, words: readonly string[]): string {
	const best = words
		.map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
		.sort((a, b) => a.distance - b.distance)[0];
	return best && best.distance <= Math.max(2, word.length / 3) ? ` (did you mean ${best.candidate}?)` : '';
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++)
			row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
		previous = row;
	}
	return previous[b.length]!;
}
