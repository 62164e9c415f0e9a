import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { constants as os, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Buttons } from '../../src/buttons/buttons.ts';
import { inputBytes, inputConstants, inputOffsets } from '../../src/buttons/inputUapi.ts';
import { keyCodes } from '../../src/buttons/keyNames.ts';
import { systemCalls } from '../../src/capture/libc.ts';
import { buttonsSchema } from '../../src/config/buttonsSection.ts';

const { EV_KEY, EV_SYN, SYN_DROPPED } = inputConstants;

/** A pipe in the file system takes the place of the kernel's device: same reads, no ioctl. */
class Pad {
	readonly path = join(mkdtempSync(join(tmpdir(), 'phlebox-pad-')), 'event0');
	readonly asked: string[] = [];
	grabbed = 0;
	/** What the grab is refused with. */
	refuses: keyof typeof os.errno | null = null;
	readonly buttons: Buttons;
	#pipe = -1;

	constructor(t: ExecutionContext) {
		const [device] = buttonsSchema.parse({
			devices: [{ device: this.path, next: 'KEY_N', side: 'KEY_S', cancel: 'KEY_C', dim: 'KEY_D' }],
		}).devices;
		const calls = {
			...systemCalls,
			ioctl: () => {
				this.grabbed++;
				return this.refuses === null ? 0 : -os.errno[this.refuses];
			},
		};
		this.buttons = new Buttons(
			{ holdMs: 100, devices: [device!] },
			{
				pressed: (action) => this.asked.push(action),
				failed: (_, failure) => this.asked.push(failure ?? 'works'),
			},
			calls,
		);
		t.teardown(() => {
			this.buttons.stop();
			this.unplug();
		});
	}

	plug(): void {
		execFileSync('mkfifo', [this.path]);
		this.#pipe = openSync(this.path, constants.O_RDWR | constants.O_NONBLOCK);
	}

	unplug(): void {
		if (this.#pipe >= 0) closeSync(this.#pipe);
		this.#pipe = -1;
		rmSync(this.path, { force: true });
	}

	send(...events: [type: number, code: number, value: number][]): void {
		const bytes = Buffer.alloc(inputBytes.input_event * events.length);
		for (const [i, [type, code, value]] of events.entries()) {
			const at = i * inputBytes.input_event;
			bytes.writeUInt16LE(type, at + inputOffsets.input_event.type);
			bytes.writeUInt16LE(code, at + inputOffsets.input_event.code);
			bytes.writeInt32LE(value, at + inputOffsets.input_event.value);
		}
		writeSync(this.#pipe, bytes);
	}

	async hears(...words: (string | RegExp)[]): Promise<void> {
		const fits = () =>
			this.asked.length === words.length &&
			words.every((word, i) => (typeof word === 'string' ? this.asked[i] === word : word.test(this.asked[i]!)));
		for (const end = Date.now() + 20_000; !fits(); await sleep(10))
			if (Date.now() > end) throw new Error(`wanted ${words.join(', ')}; heard ${this.asked.join(', ')}`);
		this.asked.length = 0;
	}
}

test('keys ask for what the configuration says, repeats and other events for nothing', async (t) => {
	const pad = new Pad(t);
	pad.plug();
	pad.buttons.start();
	const { KEY_N, KEY_S, KEY_D, KEY_A } = keyCodes;
	pad.send([EV_KEY, KEY_A, 1], [EV_KEY, KEY_N, 1], [EV_KEY, KEY_N, 2], [4, 4, KEY_N], [EV_SYN, 0, 0]);
	pad.send([EV_KEY, KEY_N, 0], [EV_KEY, KEY_S, 1], [EV_KEY, KEY_D, 1]);
	await pad.hears('next', 'side', 'dim');
	t.is(pad.grabbed, 1);
});

test('cancel counts when it is held, unless events were lost meanwhile', async (t) => {
	const pad = new Pad(t);
	pad.plug();
	pad.buttons.start();
	// A keyboard repeats what is held.
	pad.send([EV_KEY, keyCodes.KEY_C, 1], [EV_KEY, keyCodes.KEY_C, 2]);
	await pad.hears('cancel');
	pad.send([EV_KEY, keyCodes.KEY_C, 0]);
	await sleep(100);
	pad.send([EV_KEY, keyCodes.KEY_C, 1], [EV_SYN, SYN_DROPPED, 0]);
	await sleep(400);
	t.deepEqual(pad.asked, []);
});

test('a device that is missing is told once, and read when it comes; unplugged, it is told again', async (t) => {
	const pad = new Pad(t);
	pad.buttons.start();
	await pad.hears(/^buttons: .*event0 cannot be opened \(ENOENT\); check buttons\.devices/);
	pad.plug();
	await pad.hears('works');
	pad.send([EV_KEY, keyCodes.KEY_N, 1]);
	await pad.hears('next');
	pad.unplug();
	await pad.hears(/event0 is gone/, /ENOENT/);
	pad.plug();
	await pad.hears('works');
	t.pass();
});

for (const [refusal, words] of [
	['EBUSY', /taken by another program \(EBUSY\); end it, or set grab: false/],
	['ENOTTY', /is no input device \(ENOTTY\)/],
] as const)
	test(`a device that cannot be taken is named: ${refusal}`, async (t) => {
		const pad = new Pad(t);
		pad.refuses = refusal;
		pad.plug();
		pad.buttons.start();
		await pad.hears(words);
		t.pass();
	});

test('keys are names or numbers, each for one thing, at least one', (t) => {
	const parse = (device: object) => buttonsSchema.safeParse({ devices: [{ device: '/dev/x', ...device }] });
	t.true(parse({ next: 'BTN_LEFT', side: 30 }).success);
	for (const [device, words] of [
		[{ next: 'KEY_WHATEVER' }, /a key such as KEY_ENTER/],
		[{}, /name at least one of next, side, cancel, dim/],
		[{ next: 'KEY_A', side: keyCodes.KEY_A }, /each with a key of its own/],
	] as const)
		t.regex(parse(device).error!.issues[0]!.message, words);
});
