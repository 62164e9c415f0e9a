/**
 * YUV4MPEG2, the plainest video file there is: one line of header, then for each frame the line `FRAME` and its planes,
 * luma first. Source: yuv4mpeg(5) of mjpegtools. Only 8-bit samples are read here.
 *
 *     YUV4MPEG2 W1280 H720 F30:1 Ip A1:1 Cmono\n
 *     FRAME\n  <width * height bytes of luma>  <chroma, if any>
 */
export interface Y4mHeader {
	/** Pixels. */
	width: number;
	height: number;
	/** Frames a second, a fraction; 0:0 where the file does not say. */
	rate: { numerator: number; denominator: number };
	/** What follows `C`: `mono`, `420jpeg`, `422`, ... */
	colourSpace: string;
}

export interface ParsedY4mHeader extends Y4mHeader {
	/** Bytes of the header line with its newline: where the first `FRAME` stands. */
	byteLength: number;
}

/** No header line is longer than this; a file without a newline in it is no YUV4MPEG2. */
export const longestHeader = 1024;

/** What stands before each frame's planes when the frame has no parameters, as written here. */
export const frameMarker = 'FRAME\n';

const magic = 'YUV4MPEG2';

/** Whether a file begins like YUV4MPEG2. */
export function isY4m(start: Uint8Array): boolean {
	return latin1(start.subarray(0, magic.length)) === magic;
}

/**
 * @param start the first bytes of a file, `longestHeader` or all there are
 * @returns the header, or one line saying what is wrong with it
 */
export function parseHeader(start: Uint8Array): ParsedY4mHeader | string {
	const end = start.subarray(0, longestHeader).indexOf(10);
	const [first, ...fields] = latin1(start.subarray(0, Math.max(end, 0)))
		.split(' ')
		.filter((field) => field !== '');
	if (end < 0 || first !== magic) return 'no YUV4MPEG2 header';
	const header: ParsedY4mHeader = {
		width: 0,
		height: 0,
		rate: { numerator: 0, denominator: 0 },
		colourSpace: '420jpeg',
		byteLength: end + 1,
	};
	for (const field of fields) {
		const value = field.slice(1);
		if (field[0] === 'W') header.width = wholeNumber(value);
		else if (field[0] === 'H') header.height = wholeNumber(value);
		else if (field[0] === 'F') header.rate = fraction(value);
		else if (field[0] === 'C') header.colourSpace = value;
	}
	if (!(header.width >= 1 && header.height >= 1)) return 'its header gives no width and height';
	if (Number.isNaN(header.rate.numerator)) return 'its frame rate cannot be read';
	return header;
}

/** The header line, with its newline. Progressive frames, square pixels. */
export function formatHeader(header: Y4mHeader): string {
	const { width, height, rate, colourSpace } = header;
	return `${magic} W${width} H${height} F${rate.numerator}:${rate.denominator} Ip A1:1 C${colourSpace}\n`;
}

/** Frames a second, or undefined when the file does not say. */
export function framesPerSecond({ rate }: Y4mHeader): number | undefined {
	return rate.numerator > 0 && rate.denominator > 0 ? rate.numerator / rate.denominator : undefined;
}

/** Bytes of chroma (and alpha) after each frame's luma, or undefined for a colour space that is not read here. */
export function chromaBytes({ width, height, colourSpace }: Y4mHeader): number | undefined {
	// Deeper samples are named `420p10`, `mono16`, ...: two bytes each.
	if (/^(?:4\d\dp|mono)\d+$/.test(colourSpace)) return undefined;
	if (colourSpace === 'mono') return 0;
	if (colourSpace === '444alpha') return 3 * width * height;
	if (colourSpace.startsWith('444')) return 2 * width * height;
	if (colourSpace.startsWith('422')) return 2 * Math.ceil(width / 2) * height;
	if (colourSpace.startsWith('411')) return 2 * Math.ceil(width / 4) * height;
	if (colourSpace.startsWith('420')) return 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
	return undefined;
}

function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function wholeNumber(text: string): number {
	return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}

function fraction(text: string): Y4mHeader['rate'] {
	const [, numerator, denominator] = /^(\d{1,9}):(\d{1,9})$/.exec(text) ?? [];
	return { numerator: Number(numerator), denominator: Number(denominator) };
}
