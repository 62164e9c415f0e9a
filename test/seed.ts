import fc from 'fast-check';

/** Any number would do. It stands so that code that did not change does not fail by luck. */
const usual = 20_250;

/**
 * Where the property tests begin: the same cases in each run, or those of `PHLEBOX_SEED`, a whole number or `random`.
 * A failure prints its seed, so that a case that a random run has found can be seen again.
 */
export function seed(asked = process.env.PHLEBOX_SEED): number | undefined {
	if (asked === undefined || asked === '') return usual;
	if (asked === 'random') return undefined;
	if (/^-?\d+$/.test(asked) && Math.abs(Number(asked)) < 2 ** 31) return Number(asked);
	throw new RangeError(`PHLEBOX_SEED: ${asked} is neither a whole number of 32 bits nor the word random`);
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seed() });
