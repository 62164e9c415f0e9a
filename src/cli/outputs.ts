import { messageOf } from '../errors.ts';

/*
 * What becomes of standard output and standard error when nobody takes what is written there.
 *
 * A reader that went away (`phlebox demo | head`) is no fault: what is left to print is dropped, the work goes on, and
 * files are still written. A box that runs does not depend on who reads its console. Anything else, such as a full disk
 * behind a redirection, is a fault and is said.
 */

const outputs = [process.stdout, process.stderr] as const;
let gone = false;
let tell: (() => void)[] = [];

/** Once, before anything is printed. */
export function guardOutputs(): void {
	for (const output of outputs)
		output.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') fail(output, error);
			else if (output === process.stdout) leave();
		});
}

/** @param told once the reader of standard output has gone away; at once when it already has */
export function onReaderGone(told: () => void): void {
	if (gone) told();
	else tell.push(told);
}

function leave(): void {
	gone = true;
	const all = tell;
	tell = [];
	for (const told of all) told();
}

function fail(output: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
	process.exitCode = 1;
	if (output === process.stdout)
		process.stderr.write(`phlebox: standard output cannot be written: ${messageOf(error)}\n`);
}
