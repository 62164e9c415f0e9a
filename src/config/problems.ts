import type { z } from 'zod';
import { allowedWords, configJsonSchema, schemaAt } from './jsonSchema.ts';

/** One line for each thing that is wrong: the key, what is wrong, what is allowed. */
export function problemsOf(error: z.ZodError, tree: unknown): string[] {
	const root = configJsonSchema();
	return error.issues.flatMap((issue) => {
		const at = nameOf(issue.path);
		if (issue.code === 'unrecognized_keys') {
			const keys = Object.keys(schemaAt(issue.path, root)?.properties ?? {});
			return issue.keys.map(
				(key) => `${nameOf([...issue.path, key])}: unknown key${nearest(key, keys)}; allowed here: ${keys.join(', ')}`,
			);
		}
		// A fault inside one branch of a choice is told as a fault of the whole choice.
		let known = issue.path;
		while (!schemaAt(known, root)) known = known.slice(0, -1);
		const allowed = allowedWords(schemaAt(known, root)!);
		return [`${at}: ${JSON.stringify(valueAt(tree, issue.path)) ?? 'nothing'} is not allowed; allowed: ${allowed}`];
	});
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
