import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { inputBytes, inputConstants, inputIoctls, inputOffsets } from '../../src/buttons/inputUapi.ts';
import { keyCodes } from '../../src/buttons/keyNames.ts';
import { fbBitfield, fbBytes, fbIoctls, fbOffsets } from '../../src/indicator/display/fbUapi.ts';
import { i2cSlave } from '../../src/indicator/display/i2cBus.ts';
import { gpioBytes, gpioFlags, gpioIoctls, gpioNameBytes, gpioOffsets } from '../../src/indicator/gpio/gpioUapi.ts';
import { temporaryFolder } from '../capture/recording/recordings.ts';

/** The tables, as expressions of C. */
const expressions = new Map<string, number>([
	...Object.entries(gpioBytes).map(([name, bytes]): [string, number] => [`sizeof(struct ${name})`, bytes]),
	...Object.entries(gpioOffsets).flatMap(([struct, members]) =>
		Object.entries(members).map(([member, at]): [string, number] => [`offsetof(struct ${struct}, ${member})`, at]),
	),
	...Object.entries(gpioIoctls),
	...Object.entries(gpioFlags),
	['GPIO_MAX_NAME_SIZE', gpioNameBytes],
	['I2C_SLAVE', i2cSlave],
	...Object.entries(fbBytes).map(([name, bytes]): [string, number] => [`sizeof(struct ${name})`, bytes]),
	...Object.entries(fbOffsets).flatMap(([struct, members]) =>
		Object.entries(members).map(([member, at]): [string, number] => [`offsetof(struct ${struct}, ${member})`, at]),
	),
	...Object.entries(fbBitfield).map(([member, at]): [string, number] => [
		`offsetof(struct fb_bitfield, ${member})`,
		at,
	]),
	...Object.entries(fbIoctls),
	['sizeof(struct input_event)', inputBytes.input_event],
	...Object.entries(inputOffsets.input_event).map(([member, at]): [string, number] => [
		`offsetof(struct input_event, ${member})`,
		at,
	]),
	...Object.entries(inputConstants),
	...Object.entries(keyCodes),
	['EVIOCGRAB', inputIoctls.EVIOCGRAB],
	['EVIOCGNAME(256)', inputIoctls.EVIOCGNAME],
	['EVIOCGBIT(EV_KEY, 96)', inputIoctls.EVIOCGBIT_KEY],
	['KEY_MAX / 8 + 1', 96],
]);
const headers = ['stddef.h', 'stdio.h', 'linux/gpio.h', 'linux/input.h', 'linux/fb.h', 'linux/i2c-dev.h'];

test('what is asked of the kernel is what its headers say', (t) => {
	const included = headers.flatMap((header) => ['-include', header]);
	if (spawnSync('gcc', ['-E', ...included, '-x', 'c', '/dev/null']).status !== 0) {
		if (process.env.CI === 'true') t.fail('CI has no C compiler with the kernel’s headers');
		t.log('not run: no C compiler with the kernel’s headers');
		t.pass();
		return;
	}
	const folder = temporaryFolder();
	const lines = [...expressions.keys()].map((expression) => `printf("%llu\\n", (unsigned long long)(${expression}));`);
	const source = `${headers.map((header) => `#include <${header}>\n`).join('')}int main(void) {\n${lines.join('\n')}\n}\n`;
	writeFileSync(join(folder, 'table.c'), source);
	execFileSync('gcc', ['-o', join(folder, 'table'), join(folder, 'table.c')]);
	const compiled = execFileSync(join(folder, 'table'), { encoding: 'utf8' }).trim().split('\n').map(Number);
	const table = Object.fromEntries([...expressions.keys()].map((expression, i) => [expression, compiled[i]]));
	t.deepEqual(Object.fromEntries(expressions), table);
});
