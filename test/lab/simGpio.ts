import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = '/sys/kernel/config/gpio-sim/phlebox';

/**
 * A GPIO chip of the kernel's simulator: its lines appear on a character device like those of any chip, and their levels
 * can be read from the side of the hardware (Documentation/admin-guide/gpio/gpio-sim.rst).
 */
export class SimGpio {
	/** Such as /dev/gpiochip0. */
	readonly chip: string;
	readonly #lines: string;

	/** @param names of the lines, from number 0 */
	constructor(names: readonly string[]) {
		mkdirSync(`${folder}/bank0`, { recursive: true });
		writeFileSync(`${folder}/bank0/num_lines`, String(names.length));
		for (const [i, name] of names.entries()) {
			mkdirSync(`${folder}/bank0/line${i}`);
			writeFileSync(`${folder}/bank0/line${i}/name`, name);
		}
		writeFileSync(`${folder}/live`, '1');
		const chip = readFileSync(`${folder}/bank0/chip_name`, 'utf8').trim();
		const device = readFileSync(`${folder}/dev_name`, 'utf8').trim();
		this.chip = `/dev/${chip}`;
		this.#lines = `/sys/devices/platform/${device}/${chip}`;
	}

	high(offset: number): boolean {
		return readFileSync(`${this.#lines}/sim_gpio${offset}/value`, 'utf8').trim() === '1';
	}
}
