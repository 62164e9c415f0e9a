import { UserLed } from './userLed.ts';

const parts = ['red', 'green', 'blue'] as const;
type Part = (typeof parts)[number];
const nameOf = (part: Part) => `phlebox:${part}`;

/** The three LEDs as the box's configuration names them. */
export const lampPlaces = {
	red: `/sys/class/leds/${nameOf('red')}`,
	green: `/sys/class/leds/${nameOf('green')}`,
	blue: `/sys/class/leds/${nameOf('blue')}`,
};

/** A coloured lamp of three kernel LEDs, seen from the side of the hardware. */
export class Lamp {
	readonly red = new UserLed(nameOf('red'));
	readonly green = new UserLed(nameOf('green'));
	readonly blue = new UserLed(nameOf('blue'));

	/** The parts that are lit now, such as `red+blue`; `dark` when none is. */
	get colour(): string {
		return parts.filter((part) => this[part].brightness > 0).join('+') || 'dark';
	}

	/** How often a part was switched on since the last `forget`. */
	flashes(part: Part): number {
		return this[part].changes.filter(({ brightness }) => brightness > 0).length;
	}

	forget(): void {
		for (const part of parts) this[part].changes.length = 0;
	}

	close(): void {
		for (const part of parts) this[part].close();
	}
}
