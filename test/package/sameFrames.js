// Compares what two boxes said of the same frames (`phlebox evaluate --frames`): words alike, probabilities within a tolerance.
//   sameFrames.js TOLERANCE OURS THEIRS
import { readFileSync } from 'node:fs';

const tolerance = Number(process.argv[2]);
const [ours, theirs] = process.argv.slice(3).map((file) =>
	readFileSync(file, 'utf8')
		.trim()
		.split('\n')
		.map((line) => line.split(',')),
);
const names = ours[0];
const differences = [];
let largest = 0;
if (ours.length !== theirs.length) differences.push(`${ours.length - 1} frames and ${theirs.length - 1}`);
for (let row = 0; row < Math.min(ours.length, theirs.length); row++)
	for (const [column, name] of names.entries()) {
		const [a, b] = [ours[row][column], theirs[row][column]];
		const off = row > 0 && name.startsWith('p_') && a !== '' && b !== '' ? Math.abs(Number(a) - Number(b)) : Number.NaN;
		if (!Number.isNaN(off)) largest = Math.max(largest, off);
		if (!(off <= tolerance) && a !== b)
			differences.push(`${ours[row][0]} frame ${ours[row][1]}: ${name} is ${a} and ${b}`);
	}
console.log(differences.slice(0, 10).join('\n'));
const asked = ours.filter((row) => row[names.indexOf('fresh')] === '1').length;
const words = new Set(ours.slice(1).map((row) => row[names.indexOf('guidance')]));
console.log(
	`${ours.length - 1} frames, ${asked} fresh images, ${words.size} words (${[...words].join(', ')}); probabilities differ by ${largest.toFixed(4)} at most, ${tolerance} is allowed`,
);
// A set in which the light says little proves little.
if (words.size < 4) differences.push('too few words');
process.exit(differences.length > 0 ? 1 : 0);
