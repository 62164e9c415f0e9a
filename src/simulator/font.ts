/** Pixels of a character cell's ink. */
export const glyphWidth = 5;
export const glyphHeight = 7;

/** Rows from top to bottom, one base-32 digit each: the leftmost of the five pixels is the highest bit. */
const drawn: Record<string, string> = {
	A: 'ehhvhhh',
	B: 'uhhuhhu',
	C: 'fgggggf',
	D: 'uhhhhhu',
	E: 'vgguggv',
	F: 'vgguggg',
	G: 'fggnhhe',
	H: 'hhhvhhh',
	I: 'e44444e',
	J: '72222ic',
	K: 'hikokih',
	L: 'ggggggv',
	M: 'hrllhhh',
	N: 'hppljjh',
	O: 'ehhhhhe',
	P: 'uhhuggg',
	Q: 'ehhhlid',
	R: 'uhhukih',
	S: 'fgge11u',
	T: 'v444444',
	U: 'hhhhhhe',
	V: 'hhhhha4',
	W: 'hhhllrh',
	X: 'hha4ahh',
	Y: 'hha4444',
	Z: 'v1248gv',
	'0': 'ehjlphe',
	'1': '4c4444e',
	'2': 'eh1248v',
	'3': 'v2421he',
	'4': '26aiv22',
	'5': 'vgu11he',
	'6': '68guhhe',
	'7': 'v124888',
	'8': 'ehhehhe',
	'9': 'ehhf12c',
	':': '0440440',
	'.': '00000cc',
	',': '0000c48',
	'-': '000v000',
	'+': '044v440',
	'/': '11248gg',
	'%': 'op248j3',
	'(': '2488842',
	')': '8422248',
	' ': '0000000',
};

const glyphs = new Uint8Array(128 * glyphHeight);
for (const [character, rows] of Object.entries(drawn))
	for (let row = 0; row < glyphHeight; row++) {
		glyphs[character.charCodeAt(0) * glyphHeight + row] = Number.parseInt(rows[row]!, 32);
		glyphs[character.toLowerCase().charCodeAt(0) * glyphHeight + row] = Number.parseInt(rows[row]!, 32);
	}

/** Whether a pixel of a character is ink; characters that the font lacks are blank. @param code ASCII */
export function isInk(code: number, column: number, row: number): boolean {
	return code < 128 && ((glyphs[code * glyphHeight + row]! >> (glyphWidth - 1 - column)) & 1) === 1;
}
