import { spawnSync } from 'node:child_process';
import test from 'ava';
import { phleboxEdid, sameEdid } from '../../../src/capture/v4l2/edid.ts';

test('both blocks of the EDID add up to nothing, as they must', (t) => {
	t.is(phleboxEdid.length, 256);
	for (const block of [0, 128])
		t.is(phleboxEdid.subarray(block, block + 128).reduce((sum, byte) => sum + byte, 0) & 255, 0);
});

// The sizes of screens of real machines.
const modes = [
	'640x480',
	'800x600',
	'1024x768',
	'1280x720',
	'1280x800',
	'1280x960',
	'1680x1050',
	'1920x1080',
	'776x1080',
];

test('the EDID conforms to its standards and offers every size of a real machine', (t) => {
	const { status, stdout, error } = spawnSync('edid-decode', ['--check'], { input: phleboxEdid, encoding: 'utf8' });
	if (error) {
		if (process.env.CI === 'true') t.fail('CI has no edid-decode');
		t.log('not run: no edid-decode (Debian package edid-decode)');
		t.pass();
		return;
	}
	t.is(status, 0);
	t.regex(stdout, /EDID conformity: PASS/);
	t.notRegex(stdout, /Warnings/);
	for (const mode of modes) t.true(stdout.includes(mode), mode);
});

test('an EDID into which a driver has written its own physical address is still the same, another one is not', (t) => {
	const driven = phleboxEdid.slice();
	// The address follows the three bytes of HDMI Licensing.
	const at = Buffer.from(driven).indexOf(Buffer.from([0x03, 0x0c, 0x00, 0x10, 0x00])) + 3;
	driven[at] = 0;
	driven[255] = driven[255]! + 16;
	t.true(sameEdid(driven, phleboxEdid));
	t.false(sameEdid(driven.with(140, 99), phleboxEdid));
	t.false(sameEdid(driven.subarray(0, 128), phleboxEdid));
});
