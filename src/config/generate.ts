import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lightTableMarkdown } from '../indicator/lightTableMarkdown.ts';
import { shippedPath } from '../packageRoot.ts';
import { renderAsyncApi } from '../telemetry/messages/asyncApi.ts';
import { messageJsonSchemas } from '../telemetry/messages/catalogue.ts';
import { renderMqttDocs } from '../telemetry/messages/mqttDocs.ts';
import { configJsonSchema } from './jsonSchema.ts';
import { renderConfigDocs } from './render.ts';

/** Files in docs that are written from the code, by path in the project. */
export function generatedFiles(): Map<string, string> {
	return new Map([
		['docs/asyncapi.yaml', renderAsyncApi()],
		['docs/config.md', renderConfigDocs()],
		['docs/light.md', renderLightDocs()],
		['docs/mqtt.md', renderMqttDocs()],
		['docs/schema/config.schema.json', json(configJsonSchema())],
		...Object.entries(messageJsonSchemas()).map(
			([name, schema]) => [`docs/schema/mqtt/${name}.schema.json`, json(schema)] as const,
		),
	]);
}

function json(value: unknown): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}

function renderLightDocs(): string {
	return `# What the light says

<!-- Generated from src/indicator/lightTable.ts by \`npm run generate\`; a test fails when it is stale. -->

${lightTableMarkdown()}
## What puts it out

- Each turn of the vision loop says until when its result holds: \`indicator.expiryMs\` (250 ms) after the image it rests on.
  LED, page and console show *don't know* from then on.
- Where the kernel offers the LED trigger \`pattern\`, the LED is driven by one-shot patterns that each fresh result arms anew:
  a process that is killed, stopped or hung leaves the LED dark by itself. Seen with a user-space LED on Debian's kernel 6.1;
  not run on a board.
- Where the trigger is missing, the LED's brightness is written on each change. Then the main thread's watchdog puts the LED
  out when the vision thread stands still, but nothing does when the whole process is killed, unless the service manager's
  stop hook does.
- The display page keeps its own time: without a fresh event for 300 ms it says *don't know*.
`;
}

/** Paths of generated files that are not what the code says. */
export function staleFiles(): string[] {
	return [...generatedFiles()].filter(([path, text]) => contentOf(shippedPath(path)) !== text).map(([path]) => path);
}

function contentOf(file: string): string | null {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return null;
	}
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
	for (const [path, text] of generatedFiles()) {
		mkdirSync(dirname(shippedPath(path)), { recursive: true });
		writeFileSync(shippedPath(path), text);
		console.log(path);
	}
