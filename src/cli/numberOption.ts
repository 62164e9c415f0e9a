import { InvalidArgumentError } from 'commander';

/** Parser of an option that is a number in a range; commander names the option in its error. */
export function numberOption(least: number, most: number, whole = true): (text: string) => number {
	return (text) => {
		const value = text.trim() === '' ? Number.NaN : Number(text);
		if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
			throw new InvalidArgumentError(`It has to be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
		return value;
	};
}
