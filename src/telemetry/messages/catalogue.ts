import { z } from 'zod';
import { alertExample, alertSchema } from './alert.ts';
import { birthExample, birthSchema } from './birth.ts';
import { commandEnvelope, commandExample, commandSchema } from './command.ts';
import { commandReplyExample, commandReplySchema } from './commandReply.ts';
import { desiredExample, desiredSchema, reportedExample, reportedSchema } from './desired.ts';
import { eventExample, eventSchema } from './event.ts';
import { examinationResultExample, examinationResultSchema } from './examinationResult.ts';
import { healthExample, healthSchema } from './health.ts';
import { jobExample, jobSchema, jobStatusExample, jobStatusSchema } from './job.ts';
import { logLineExample, logLineSchema } from './logLine.ts';
import { siteResultExample, siteResultSchema } from './siteResult.ts';
import { statusExample, statusSchema } from './status.ts';

export interface CatalogueEntry {
	/** Below `{root}/v1/{box}/`; a level in braces stands for a word. */
	topic: string;
	/** `up`: from the box; `down`: to the box. */
	direction: 'up' | 'down';
	qos: 0 | 1;
	retained: boolean;
	/** Waits in the durable store until the broker has acknowledged it. */
	stored: boolean;
	/** When the broker may throw it away (MQTT 5), in health intervals; null for never. */
	expiryIntervals: number | null;
	content: string;
	schema: z.ZodType;
	/** What the docs list, where `schema` is a choice of several. */
	docSchema?: z.ZodType;
	example: unknown;
}

/** Every message on MQTT. The sender takes QoS and retain from here, the docs and the JSON Schemas are made of it. */
export const catalogue = {
	status: {
		topic: 'status',
		direction: 'up',
		qos: 1,
		retained: true,
		stored: false,
		expiryIntervals: null,
		content: 'What the box says of itself. It is also the last will: a box that is gone without a word is `lost`.',
		schema: statusSchema,
		example: statusExample,
	},
	birth: {
		topic: 'birth',
		direction: 'up',
		qos: 1,
		retained: true,
		stored: false,
		expiryIntervals: null,
		content: 'What the box is. Published at every connection.',
		schema: birthSchema,
		example: birthExample,
	},
	health: {
		topic: 'health',
		direction: 'up',
		qos: 0,
		retained: false,
		stored: false,
		expiryIntervals: 3,
		content: 'How the box is, at a fixed interval.',
		schema: healthSchema,
		example: healthExample,
	},
	alert: {
		topic: 'alert/{code}',
		direction: 'up',
		qos: 1,
		retained: true,
		stored: false,
		expiryIntervals: null,
		content:
			'Something is wrong. The topic is emptied when it is mended, so that what is retained is what is wrong now.',
		schema: alertSchema,
		example: alertExample,
	},
	event: {
		topic: 'event',
		direction: 'up',
		qos: 1,
		retained: false,
		stored: true,
		expiryIntervals: null,
		content: 'The audit trail: what happened, in order.',
		schema: eventSchema,
		example: eventExample,
	},
	siteResult: {
		topic: 'result/site',
		direction: 'up',
		qos: 1,
		retained: false,
		stored: true,
		expiryIntervals: null,
		content: 'A site was captured, with the evidence. Sent at once, before the examination ends.',
		schema: siteResultSchema,
		example: siteResultExample,
	},
	examinationResult: {
		topic: 'result/examination',
		direction: 'up',
		qos: 1,
		retained: false,
		stored: true,
		expiryIntervals: null,
		content:
			'An examination ended. Every examination that was started ends with exactly one, unless the box died in it.',
		schema: examinationResultSchema,
		example: examinationResultExample,
	},
	desired: {
		topic: 'desired',
		direction: 'down',
		qos: 1,
		retained: true,
		stored: false,
		expiryIntervals: null,
		content:
			'What is wanted of the configuration, whole. Validated whole, tried, and rolled back when the box does not get healthy with it.',
		schema: desiredSchema,
		example: desiredExample,
	},
	reported: {
		topic: 'reported',
		direction: 'up',
		qos: 1,
		retained: true,
		stored: false,
		expiryIntervals: null,
		content: 'What of the configuration is in force, and what became of what was asked for.',
		schema: reportedSchema,
		example: reportedExample,
	},
	command: {
		topic: 'cmd',
		direction: 'down',
		qos: 1,
		retained: false,
		stored: false,
		expiryIntervals: null,
		content: 'Asks the box to do something, once. Give it an expiry as well (MQTT 5).',
		schema: commandSchema,
		docSchema: commandEnvelope,
		example: commandExample,
	},
	commandReply: {
		topic: 'cmd/reply',
		direction: 'up',
		qos: 1,
		retained: false,
		stored: false,
		expiryIntervals: null,
		content:
			'What came of a command, with its correlation data. A response topic is kept to only below `cmd/reply/` of the box: elsewhere it may not write.',
		schema: commandReplySchema,
		example: commandReplyExample,
	},
	job: {
		topic: 'job',
		direction: 'down',
		qos: 1,
		retained: false,
		stored: false,
		expiryIntervals: null,
		content: 'A model is to be installed: fetched, tried, switched to between two examinations, kept or taken back.',
		schema: jobSchema,
		example: jobExample,
	},
	jobStatus: {
		topic: 'job/{job}/status',
		direction: 'up',
		qos: 1,
		retained: false,
		stored: true,
		expiryIntervals: null,
		content: 'How far a job has come, at each of its steps, and how it ended.',
		schema: jobStatusSchema,
		example: jobStatusExample,
	},
	logLine: {
		topic: 'log',
		direction: 'up',
		qos: 0,
		retained: false,
		stored: false,
		expiryIntervals: 3,
		content: 'A line of the log, while a command asks for them; at most 20 a second.',
		schema: logLineSchema,
		example: logLineExample,
	},
} as const satisfies Record<string, CatalogueEntry>;

export type MessageName = keyof typeof catalogue;

/** JSON Schema (2020-12) of a message. Unknown fields are allowed: a later version may add some. */
export function jsonSchemaOf(entry: CatalogueEntry): Record<string, unknown> {
	return z.toJSONSchema(entry.schema, { io: 'input' });
}

/** The JSON Schemas of all messages, by their names. */
export function messageJsonSchemas(): Record<string, Record<string, unknown>> {
	return Object.fromEntries(Object.entries(catalogue).map(([name, entry]) => [name, jsonSchemaOf(entry)]));
}
