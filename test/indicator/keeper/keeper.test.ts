import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { indicatorSchema } from '../../../src/config/indicatorSection.ts';
import { shareLights } from '../../../src/indicator/keeper/keptLights.ts';
import { FakeLeds } from '../led/fakeLeds.ts';

// Serial: each starts two processes.

const script = fileURLToPath(new URL('keeperParent.js', import.meta.url));

/** A box and its keeper, with one LED that the kernel does not put out. */
async function green(t: ExecutionContext) {
	const leds = new FakeLeds(t);
	const folder = leds.add('green', '[none]');
	const indicator = { selfTest: false, leds: [{ green: folder }] };
	const box = spawn(process.execPath, [script, 'captured', JSON.stringify(indicator)], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let said = '';
	box.stdout.on('data', (text) => {
		said += text;
	});
	t.teardown(() => box.kill('SIGKILL'));
	const keeper = Number(await until(() => /keeper (\d+)/.exec(said)?.[1]));
	t.teardown(() => {
		if (alive(keeper)) process.kill(keeper, 'SIGKILL');
	});
	const lit = () => leds.read(folder, 'brightness') !== '0';
	await until(lit);
	return { box, keeper, lit, said: () => said };
}

async function until<T>(ask: () => T | undefined | false): Promise<T> {
	for (const end = Date.now() + 60_000; ; await sleep(20)) {
		const answer = ask();
		if (answer) return answer;
		if (Date.now() > end) throw new Error('waited in vain');
	}
}

function alive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	const ended = once(child, 'exit');
	child.kill(signal);
	await ended;
}

test.serial('it stays lit while it is renewed, and is dark when the box stops in order', async (t) => {
	const { box, keeper, lit } = await green(t);
	// More than two times as long as one renewal lasts; a busy machine may be late with one, but not for ever.
	await sleep(600);
	await until(lit);
	await end(box, 'SIGTERM');
	t.false(lit());
	t.false(alive(keeper));
});

test.serial('a box that is killed leaves it dark, and the keeper ends', async (t) => {
	const { box, keeper, lit } = await green(t);
	await end(box, 'SIGKILL');
	await until(() => !lit());
	await until(() => !alive(keeper));
	t.pass();
});

test.serial('a box that is stopped renews nothing: dark, and lit again when it goes on', async (t) => {
	const { box, lit } = await green(t);
	box.kill('SIGSTOP');
	await until(() => !lit());
	box.kill('SIGCONT');
	await until(lit);
	t.pass();
});

test.serial('signals that a terminal sends to all are the box’s to obey', async (t) => {
	const { box, keeper, lit } = await green(t);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(keeper, signal);
	await sleep(300);
	t.true(alive(keeper));
	await until(lit);
	await end(box, 'SIGTERM');
	t.false(lit());
});

test.serial('a keeper that is killed is reported, and another takes its place', async (t) => {
	const { keeper, lit, said } = await green(t);
	process.kill(keeper, 'SIGKILL');
	await until(() => /keeper: .*SIGKILL.*started again/.test(said()));
	const next = Number(await until(() => /keeper \d+\n[\s\S]*keeper (\d+)/.exec(said())?.[1]));
	t.not(next, keeper);
	await until(lit);
});

test.serial('what the kernel puts out is the vision thread’s, all other lights are the keeper’s', (t) => {
	const leds = new FakeLeds(t);
	const kernel = { single: leds.add('kernel', 'none [pattern] timer') };
	const half = { red: leds.add('red', 'none pattern'), green: leds.add('green', '[none] timer') };
	const none = { single: leds.add('none', null) };
	const later = { single: `${leds.root}/later` };
	const line = { chip: '/dev/gpiochip0', single: 3 };
	const shares = shareLights(indicatorSchema.parse({ leds: [kernel, half, none, later], gpio: [line] }));
	const places = (list: { brightness: number }[]) => list.map(({ brightness: _, ...rest }) => rest);
	t.deepEqual(places(shares.kernel.leds), [kernel, later]);
	t.deepEqual(places(shares.kept.leds), [half, none]);
	t.is(shares.kernel.gpio.length, 0);
	t.is(shares.kept.gpio.length, 1);
});
