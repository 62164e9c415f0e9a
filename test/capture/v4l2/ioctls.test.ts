import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { constants, ioctls, offsets, structBytes } from '../../../src/capture/v4l2/ioctls.ts';
import { temporaryFolder } from '../recording/recordings.ts';

/** Members whose name in C is not the one used here. */
const cNames: Record<string, string> = {
	'capability.deviceCaps': 'device_caps',
	'format.width': 'fmt.pix.width',
	'format.height': 'fmt.pix.height',
	'format.pixelformat': 'fmt.pix.pixelformat',
	'format.field': 'fmt.pix.field',
	'format.bytesperline': 'fmt.pix.bytesperline',
	'format.sizeimage': 'fmt.pix.sizeimage',
	'formatPlanar.width': 'fmt.pix_mp.width',
	'formatPlanar.height': 'fmt.pix_mp.height',
	'formatPlanar.pixelformat': 'fmt.pix_mp.pixelformat',
	'formatPlanar.field': 'fmt.pix_mp.field',
	'formatPlanar.sizeimage': 'fmt.pix_mp.plane_fmt[0].sizeimage',
	'formatPlanar.bytesperline': 'fmt.pix_mp.plane_fmt[0].bytesperline',
	'formatPlanar.planes': 'fmt.pix_mp.num_planes',
	'dvTimings.ilVfrontporch': 'bt.il_vfrontporch',
	'dvTimings.ilVsync': 'bt.il_vsync',
	'dvTimings.ilVbackporch': 'bt.il_vbackporch',
	'buffer.planes': 'm.planes',
	'plane.offset': 'm.mem_offset',
	'plane.dataOffset': 'data_offset',
	'edid.startBlock': 'start_block',
	'buffer.seconds': 'timestamp.tv_sec',
	'buffer.microseconds': 'timestamp.tv_usec',
	'buffer.offset': 'm.offset',
};
/** One struct, two views of it. */
const cStructs: Record<string, string> = { formatPlanar: 'format' };
const cStruct = (name: string) =>
	`struct v4l2_${(cStructs[name] ?? name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
const cMember = (struct: string, member: string) =>
	cNames[`${struct}.${member}`] ?? (struct === 'dvTimings' && member !== 'type' ? `bt.${member}` : member);

/** Everything in the table, as expressions of C. */
const expressions = new Map<string, number>([
	...Object.entries(structBytes).map(([name, bytes]): [string, number] => [
		name === 'int' ? 'sizeof(int)' : `sizeof(${cStruct(name)})`,
		bytes,
	]),
	...Object.entries(offsets).flatMap(([struct, members]) =>
		Object.entries(members).map(([member, offset]): [string, number] => [
			`offsetof(${cStruct(struct)}, ${cMember(struct, member)})`,
			offset,
		]),
	),
	...Object.entries(ioctls).map(([name, number]): [string, number] => [`VIDIOC_${name}`, number]),
	...Object.entries(constants).map(([name, value]): [string, number] => [`V4L2_${name}`, value]),
]);

test('requests, sizes, offsets and constants are those of the C compiler', (t) => {
	const hasHeader = spawnSync('gcc', ['-E', '-include', 'linux/videodev2.h', '-x', 'c', '/dev/null']).status === 0;
	if (!hasHeader) {
		if (process.env.CI === 'true') t.fail('CI has no C compiler with linux/videodev2.h');
		t.log('not run: no C compiler with linux/videodev2.h');
		t.pass();
		return;
	}
	const folder = temporaryFolder();
	const source = join(folder, 'table.c');
	const program = join(folder, 'table');
	const lines = [...expressions.keys()].map(
		(expression) => `\tprintf("%llu\\n", (unsigned long long)(${expression}));`,
	);
	writeFileSync(
		source,
		`#include <stddef.h>\n#include <stdio.h>\n#include <linux/videodev2.h>\nint main(void) {\n${lines.join('\n')}\n}\n`,
	);
	execFileSync('gcc', ['-o', program, source]);
	const compiled = execFileSync(program, { encoding: 'utf8' }).trim().split('\n').map(Number);
	const table = Object.fromEntries([...expressions.keys()].map((expression, i) => [expression, compiled[i]]));
	t.deepEqual(Object.fromEntries(expressions), table);
	t.true(compiled.length > 80);
});
