import type { ExecutionContext } from 'ava';
import type { Guidance } from '../../src/exam/guidance.ts';
import { ConsoleLight } from '../../src/indicator/consoleLight.ts';
import { GpioLight } from '../../src/indicator/gpio/gpioLight.ts';
import { LedLight } from '../../src/indicator/led/ledLight.ts';
import { colours, lightTable } from '../../src/indicator/lightTable.ts';
import { isOn } from '../../src/indicator/pattern.ts';
import { FakeGpio } from './gpio/fakeGpio.ts';
import { FakeLeds, WriteWatch } from './led/fakeLeds.ts';
import { KernelPattern } from './led/kernelPattern.ts';
import { type LightBench, lightContract } from './light.contract.ts';

const parts = ['red', 'green', 'blue'] as const;
/** The colours that are lit, such as `red+blue`. */
const mixture = (lit: (part: (typeof parts)[number]) => boolean) => parts.filter(lit).join('+') || 'dark';

function colourOf(guidance: Guidance, elapsedMs: number): string {
	const { colour, pattern } = lightTable[guidance];
	return mixture((part) => colours[colour][part] && isOn(pattern, elapsedMs));
}

const onOff = (guidance: Guidance, elapsedMs: number) =>
	lightTable[guidance].colour !== 'dark' && isOn(lightTable[guidance].pattern, elapsedMs) ? 'on' : 'dark';

function refusing(watch: WriteWatch) {
	return (failing: boolean) => {
		watch.refuse = () => (failing ? 'EIO' : null);
	};
}

function threeLeds(t: ExecutionContext): LightBench {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const places = Object.fromEntries(parts.map((part) => [part, leds.add(part, '[none]')]));
	const brightness = (part: string) => Number(leds.read(places[part]!, 'brightness'));
	return {
		light: new LedLight(places),
		seen: () => mixture((part) => brightness(part) > 0),
		expected: colourOf,
		closed: 'dark',
		brightness: () => brightness('green'),
		fail: refusing(watch),
	};
}

/** LEDs whose kernel does what the pattern trigger does. */
function kernelLeds(t: ExecutionContext, wiring: 'three' | 'multicolour' | 'single'): LightBench {
	const leds = new FakeLeds(t);
	const watch = new WriteWatch(t);
	const offered = 'none [pattern]';
	const kernels = Object.fromEntries([...parts, 'lamp'].map((name) => [name, new KernelPattern(255)]));
	let mixed: string[] = [];
	let nowMs = 0;
	function apply() {
		for (const { file, text } of watch.writes.splice(0)) {
			const [name, attribute] = file.split('/') as [string, string];
			if (attribute === 'pattern') kernels[name]!.writePattern(text, nowMs);
			if (attribute === 'repeat') kernels[name]!.writeRepeat(text, nowMs);
			if (attribute === 'multi_intensity') mixed = text.split(' ');
		}
	}
	const lamp = { multi_index: 'green red blue\n', multi_intensity: '0 0 0\n' };
	const light = new LedLight(
		wiring === 'three'
			? Object.fromEntries(parts.map((part) => [part, leds.add(part, offered)]))
			: { [wiring]: leds.add('lamp', offered, lamp) },
	);
	/** The light as it is, with its writes done at the time they are made. */
	const timed = {
		name: light.name,
		open: () => {
			light.open();
			apply();
		},
		show: (...[indication, moment]: Parameters<LedLight['show']>) => {
			nowMs = moment.nowMs;
			try {
				light.show(indication, moment);
			} finally {
				apply();
			}
		},
		dim: (percent: number) => light.dim(percent),
		close: () => {
			try {
				light.close();
			} finally {
				apply();
			}
		},
	};
	const at = (name: string, ms: number) => kernels[name]!.brightnessAt(ms);
	return {
		light: timed,
		seen: (ms) => {
			if (wiring === 'single') return at('lamp', ms) > 0 ? 'on' : 'dark';
			if (wiring === 'three') return mixture((part) => at(part, ms) > 0);
			const index = ['green', 'red', 'blue'];
			return mixture((part) => at('lamp', ms) > 0 && mixed[index.indexOf(part)] !== '0');
		},
		expected: wiring === 'single' ? onOff : colourOf,
		closed: 'dark',
		brightness: () => at(wiring === 'three' ? 'green' : 'lamp', nowMs),
		fail: refusing(watch),
	};
}

function gpio(_t: ExecutionContext, activeLow: boolean): LightBench {
	const chip = new FakeGpio(['', 'RED', 'GREEN', 'BLUE']);
	return {
		light: new GpioLight({ chip: '/dev/gpiochip0', activeLow, red: 'RED', green: 2, blue: 'BLUE' }, chip),
		seen: () => mixture((part) => chip.lines[1 + parts.indexOf(part)]!.high !== activeLow),
		expected: colourOf,
		closed: 'dark',
		fail: (failing) => {
			chip.errno = failing ? 'EIO' : null;
		},
	};
}

function consoleBench(): LightBench {
	let line = '';
	const light = new ConsoleLight({
		write: (text) => {
			line = text;
		},
	});
	const word = (guidance: Guidance) => lightTable[guidance].text;
	return {
		light: {
			name: light.name,
			open: () => light.open(),
			show: (...shown) => light.show(...shown),
			dim: () => light.dim(),
			// A terminal keeps what was printed: nobody takes a scrolled line for what the light says now.
			close: () => {
				light.close();
				line = '';
			},
		},
		seen: () => Object.values(lightTable).find(({ text }) => line.includes(`${text} `))?.text ?? '',
		expected: word,
		closed: '',
	};
}

lightContract('three LEDs, software expiry', threeLeds);
lightContract('three LEDs, kernel expiry', (t) => kernelLeds(t, 'three'));
lightContract('one LED, kernel expiry', (t) => kernelLeds(t, 'single'));
lightContract('multicolour LED, kernel expiry', (t) => kernelLeds(t, 'multicolour'));
lightContract('GPIO lines', (t) => gpio(t, false));
lightContract('GPIO lines, active low', (t) => gpio(t, true));
lightContract('console', consoleBench);
