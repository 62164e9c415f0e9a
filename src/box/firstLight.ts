import type { Logger } from 'pino';
import { firstLight, processStart, type StartMark, startMarks } from '../startMarks.ts';

let told = false;

/** Once in a life of the process: how long it took to the first light, by parts. @param marks of the vision thread */
export function tellFirstLight(log: Pick<Logger, 'info'>, marks: readonly StartMark[]): void {
	const start = processStart();
	if (told || !start) return;
	told = true;
	const { user, system } = process.cpuUsage();
	log.info(firstLight([...startMarks.marks, ...marks], start, (user + system) / 1000), 'first light');
}
