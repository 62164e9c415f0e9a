import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The part of JSON Schema 2020-12 that zod writes for the configuration. */
export interface JsonSchema {
	type?: string;
	description?: string;
	default?: unknown;
	enum?: unknown[];
	const?: unknown;
	anyOf?: JsonSchema[];
	properties?: Record<string, JsonSchema>;
	items?: JsonSchema;
	prefixItems?: JsonSchema[];
	additionalProperties?: JsonSchema | boolean;
	minimum?: number;
	maximum?: number;
	exclusiveMinimum?: number;
	minItems?: number;
	maxLength?: number;
	pattern?: string;
}

/** JSON Schema of a configuration file. */
export function configJsonSchema(): JsonSchema {
	return z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
}

/** The schema at a path, or undefined where the configuration has no such key. Array places are numbers. */
export function schemaAt(path: readonly PropertyKey[], from: JsonSchema = configJsonSchema()): JsonSchema | undefined {
	let schema: JsonSchema | undefined = from;
	for (const key of path) {
		if (typeof key === 'number') schema = schema?.items ?? schema?.prefixItems?.[key];
		else schema = keyOf(schema, String(key));
	}
	return schema;
}

function keyOf(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
	const objects = [schema, ...(schema?.anyOf ?? [])];
	const { additionalProperties: any } = schema ?? {};
	return (
		objects.find((each) => each?.properties?.[key])?.properties?.[key] ?? (typeof any === 'object' ? any : undefined)
	);
}

const integerBound = 2 ** 53 - 1;

/** What a key allows, in words: `a whole number from 2 to 4`. */
export function allowedWords(schema: JsonSchema): string {
	if (schema.anyOf) return schema.anyOf.map(allowedWords).join(', or ');
	if (schema.const !== undefined) return JSON.stringify(schema.const);
	if (schema.enum) return `one of ${schema.enum.join(', ')}`;
	switch (schema.type) {
		case 'null':
			return 'null';
		case 'boolean':
			return 'true or false';
		case 'integer':
		case 'number':
			return `a ${schema.type === 'integer' ? 'whole ' : ''}number${range(schema)}`;
		case 'string':
			return `a text${schema.pattern ? ` that matches ${schema.pattern}` : ''}`;
		case 'array':
			return schema.prefixItems
				? `a list of ${schema.prefixItems.length}: ${schema.prefixItems.map(allowedWords).join('; ')}`
				: `a list${schema.minItems ? ` of at least ${schema.minItems}` : ''}, each ${allowedWords(schema.items ?? {})}`;
		case 'object':
			return schema.properties ? `keys ${Object.keys(schema.properties).join(', ')}` : 'keys with texts';
		default:
			return 'any value';
	}
}

function range(schema: JsonSchema): string {
	const { minimum, exclusiveMinimum, maximum } = schema;
	const bound = (value: number | undefined) => value !== undefined && Math.abs(value) < integerBound;
	const from = bound(minimum) ? ` from ${minimum}` : bound(exclusiveMinimum) ? ` above ${exclusiveMinimum}` : '';
	return `${from}${bound(maximum) ? `${from ? '' : ' up'} to ${maximum}` : ''}`;
}

/** Every key that holds a value, in the order of the schema. */
export function* leaves(
	schema: JsonSchema = configJsonSchema(),
	path: readonly string[] = [],
): Generator<{ path: readonly string[]; schema: JsonSchema }> {
	if (!schema.properties) yield { path, schema };
	else for (const [key, inner] of Object.entries(schema.properties)) yield* leaves(inner, [...path, key]);
}

/** `capture.v4l2.reopenMs` is set by PHLEBOX_CAPTURE_V4L2_REOPEN_MS. */
export function environmentName(path: readonly string[]): string {
	const words = path.map((key) => key.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase());
	return ['PHLEBOX', ...words].join('_');
}
