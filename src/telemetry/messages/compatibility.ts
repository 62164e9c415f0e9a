/** The parts of a JSON Schema that decide whether a consumer of the old messages understands the new ones. */
export interface Schema {
	type?: string | string[];
	enum?: unknown[];
	const?: unknown;
	properties?: Record<string, Schema>;
	required?: string[];
	items?: Schema;
	anyOf?: Schema[];
	oneOf?: Schema[];
	additionalProperties?: boolean | Schema;
}

/**
 * What breaks with the new schema of a message, a line each. Up, whoever reads the old messages has to understand the new
 * ones: no field may go or become optional, and none may get another type. Down, whoever writes the old messages has to be understood:
 * nothing may be asked for that was not, and nothing refused that was taken. New fields and new words of a list may come up;
 * consumers are told to expect them.
 */
export function breaks(before: Schema, after: Schema, direction: 'up' | 'down', path = ''): string[] {
	const found: string[] = [];
	const at = path || 'the message';
	if (kindOf(before) !== kindOf(after)) return [`${at}: was ${kindOf(before)}, is ${kindOf(after)}`];
	if (JSON.stringify(before.const) !== JSON.stringify(after.const)) found.push(`${at}: another constant`);
	for (const word of before.enum ?? [])
		if (after.enum && !after.enum.includes(word)) found.push(`${at}: the word ${JSON.stringify(word)} is gone`);
	for (const [name, field] of Object.entries(before.properties ?? {})) {
		const now = after.properties?.[name];
		if (now) found.push(...breaks(field, now, direction, `${path}${path && '.'}${name}`));
		else found.push(`${path}${path && '.'}${name}: is gone`);
	}
	const was = new Set(before.required ?? []);
	const is = new Set(after.required ?? []);
	const broken =
		direction === 'up' ? [...was].filter((name) => !is.has(name)) : [...is].filter((name) => !was.has(name));
	for (const name of broken)
		found.push(`${path}${path && '.'}${name}: ${direction === 'up' ? 'may be missing now' : 'is asked for now'}`);
	if (before.items && after.items) found.push(...breaks(before.items, after.items, direction, `${path}[]`));
	const [choices, newChoices] = [before, after].map((schema) => schema.anyOf ?? schema.oneOf ?? []);
	for (const choice of choices!) {
		const best = newChoices!.map((one) => breaks(choice, one, direction, path)).sort((a, b) => a.length - b.length)[0];
		if (best) found.push(...best);
		else found.push(`${at}: a choice is gone`);
	}
	return found;
}

function kindOf(schema: Schema): string {
	if (schema.anyOf ?? schema.oneOf) return 'a choice';
	return schema.type?.toString() ?? (schema.enum ? 'string' : schema.const !== undefined ? typeof schema.const : 'any');
}
