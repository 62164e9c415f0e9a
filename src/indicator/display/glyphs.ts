import { glyphHeight, glyphWidth, isInk as isLetterInk } from '../../simulator/font.ts';

/** Signs and marks that the simulator's screens have no use for; rows as in its font, one base-32 digit each. */
const drawn: Record<string, string> = {
	"'": '4480000',
	'"': 'aa00000',
	'?': 'eh12404',
	'!': '4444404',
	'*': '04lel40',
	'^': '4ah0000',
	'~': '008l200',
	'=': '00v0v00',
	'#': 'aavavaa',
	';': '0440448',
	'@': 'ehnlnge',
};
const marks = new Map(
	Object.entries(drawn).map(([character, rows]) => [
		character.charCodeAt(0),
		[...rows].map((row) => Number.parseInt(row, 32)),
	]),
);

/** Width and height of a character with the space around it, pixels. */
export const cellWidth = glyphWidth + 1;
export const cellHeight = glyphHeight + 1;

/** Whether a pixel of a character is ink. Small letters look like capitals. @param code ASCII */
export function isInk(code: number, column: number, row: number): boolean {
	const rows = marks.get(code);
	return rows ? ((rows[row]! >> (glyphWidth - 1 - column)) & 1) === 1 : isLetterInk(code, column, row);
}
