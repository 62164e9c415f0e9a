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
  a process that is killed, stopped or hung leaves the LED dark by itself. Seen with user-space LEDs on Debian's kernel 6.1;
  not run on a board.
- LEDs without that trigger, lamps on GPIO lines (\`indicator.gpio\`) and displays are driven by a process of its own, the keeper. The
  box renews what it shows; a box that is killed, stopped or hung renews nothing, and the keeper, which still runs, shows
  *don't know*. Seen with the kernel's GPIO simulator (gpio-sim): dark within 500 ms of \`kill -9\` and of SIGSTOP.
- What is left is a keeper that is stopped or hangs itself: what it showed last stays until the service manager ends it. A
  keeper that is killed gives its GPIO lines back to the kernel; which level they take then depends on the chip's driver, an
  LED without the trigger stays as it was until the next keeper opens it, a second later. \`phlebox darken\` puts
  everything out and is what the service runs when it has stopped. A lamp that the board describes to the kernel as an LED
  (\`gpio-leds\`) is better than a bare line: it has the trigger.
- The display page keeps its own time: without a fresh event for 300 ms it says *don't know*.

## Displays

A framebuffer of the kernel (\`indicator.framebuffers\`, 16, 24 or 32 bits a pixel) and an OLED with the controller SSD1306 on I2C
(\`indicator.ssd1306\`) say the state in words: the word as large as it goes, the site, what to do. The ground blinks as an LED
would, in the colour of the table on a framebuffer, inverted on the OLED; the words stand still. No console may write on the
same framebuffer. A display keeps its picture for as long as it has power: that it dies dark rests on the keeper.

## At start, and in the dark

- Self-test: when the box starts, each state is shown once for 0.3 s, *captured* first, before any picture is looked at: a
  person sees which part of the light is broken. \`indicator.selfTest: false\` leaves it out. It is not repeated when a part
  of the box is started again.
- \`indicator.dimPercent\` is the brightness for a dark room, \`indicator.dimmed\` starts with it. A GPIO line knows only on
  and off.

## Buttons

\`buttons.devices\` names push buttons, foot pedals or key pads (anything that the kernel shows as /dev/input/eventN) and what
their keys do: \`next\` begins the next examination and ends a running one, \`side\` changes the side, \`cancel\`, held for
\`buttons.holdMs\`, cancels the running examination, \`dim\` switches to the brightness for dark rooms and back. The box
takes the device for itself, so that a pedal that is a keyboard types nowhere else. A device that is unplugged is an alert
on MQTT and is taken up again when it is back.
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
