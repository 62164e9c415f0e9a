import { readFileSync } from 'node:fs';
import { type Scheduling, schedule } from '../../src/vision/scheduling.ts';

// The child process of scheduling.test.ts: schedules itself as its argument says, as nobody where it is asked to, and prints what
// the kernel then says of it.
const { nobody, ...scheduling } = JSON.parse(process.argv[2]!) as Scheduling & { nobody: boolean };
if (nobody && process.getuid?.() === 0) process.setuid!(65_534);
try {
	schedule(scheduling);
	const status = readFileSync('/proc/thread-self/status', 'utf8');
	// After the name in brackets: field 3 is the state, 40 and 41 are priority and policy.
	const stat = readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1]!.split(' ');
	const cpus = /^Cpus_allowed_list:\s*(.*)$/m.exec(status)![1];
	console.log(JSON.stringify({ cpus, priority: Number(stat[37]), policy: Number(stat[38]) }));
} catch (error) {
	console.log(JSON.stringify({ code: (error as { code?: string }).code, message: (error as Error).message }));
}
