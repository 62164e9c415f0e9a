import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops one thread with ptrace and keeps it so until it is killed: Python has the C library at hand. */
const stopper = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
thread = int(sys.argv[1])
SEIZE, INTERRUPT = 0x4206, 0x4207
for request in (SEIZE, INTERRUPT):
    if libc.ptrace(request, thread, None, None) != 0: sys.exit("ptrace: errno %d" % ctypes.get_errno())
# A thread that is killed ends only once whoever stopped it has taken note.
while True:
    _, status = os.waitpid(thread, 0x40000000)
    if os.WIFEXITED(status) or os.WIFSIGNALED(status): break`;

/** Processor time of each thread but the main one so far, in clock ticks. */
function times(pid: number): Map<number, number> {
	const found = new Map<number, number>();
	for (const name of readdirSync(`/proc/${pid}/task`)) {
		if (Number(name) === pid) continue;
		const fields = readFileSync(`/proc/${pid}/task/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
		found.set(Number(name), Number(fields[11]) + Number(fields[12]));
	}
	return found;
}

/** The thread that computes most, the main thread aside: in a box at work that is the vision thread. */
export async function busiestThread(pid: number): Promise<number> {
	const before = times(pid);
	await sleep(3000);
	const used = [...times(pid)].map(([thread, ticks]) => [thread, ticks - (before.get(thread) ?? 0)] as const);
	return used.reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

/** As a thread that hangs in the kernel, all others running on. @returns lets it go on */
export function stopThread(thread: number): () => void {
	const child = spawn('/usr/bin/python3', ['-c', stopper, String(thread)], { stdio: 'inherit' });
	return () => child.kill('SIGKILL');
}
