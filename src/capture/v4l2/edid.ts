/**
 * The EDID that the box shows the ultrasound machine: which modes it may send. Sources: VESA Enhanced EDID 1.3, CTA-861 for
 * the extension block, VESA DMT and CVT (reduced blanking) for timings. `edid-decode --check` passes it.
 */

/** A detailed timing: pixels, and lines, each active, front porch, sync, back porch; clock in units of 10 kHz. */
interface DetailedTiming {
	clock: number;
	across: readonly [number, number, number, number];
	down: readonly [number, number, number, number];
	/** Sync pulses go up. */
	positiveH: boolean;
	positiveV: boolean;
}

/** CTA-861, format 16: what most machines' second output is made for, so preferred. */
const fullHd: DetailedTiming = {
	...{ clock: 14_850, across: [1920, 88, 44, 148], down: [1080, 4, 5, 36] },
	...{ positiveH: true, positiveV: true },
};
/** CVT with reduced blanking: machines with a portrait screen. */
const portrait: DetailedTiming = {
	...{ clock: 6225, across: [776, 48, 32, 80], down: [1080, 3, 10, 18] },
	...{ positiveH: true, positiveV: false },
};
/** DMT 0x1c, 1280x800 with reduced blanking. */
const wxga: DetailedTiming = {
	...{ clock: 7100, across: [1280, 48, 32, 80], down: [800, 3, 6, 14] },
	...{ positiveH: true, positiveV: false },
};
/** DMT 0x39, 1680x1050 with reduced blanking. */
const wsxga: DetailedTiming = {
	...{ clock: 11_900, across: [1680, 48, 32, 80], down: [1050, 3, 6, 21] },
	...{ positiveH: true, positiveV: false },
};

function detailed({ clock, across, down, positiveH, positiveV }: DetailedTiming): number[] {
	const [width, frontH, syncH, backH] = across;
	const [height, frontV, syncV, backV] = down;
	const [blankH, blankV] = [frontH + syncH + backH, frontV + syncV + backV];
	return [
		...[clock & 255, clock >> 8],
		...[width & 255, blankH & 255, ((width >> 8) << 4) | (blankH >> 8)],
		...[height & 255, blankV & 255, ((height >> 8) << 4) | (blankV >> 8)],
		...[frontH & 255, syncH & 255, ((frontV & 15) << 4) | (syncV & 15)],
		((frontH >> 8) << 6) | ((syncH >> 8) << 4) | ((frontV >> 4) << 2) | (syncV >> 4),
		// No size in millimetres and no border: the box has no screen.
		...[0, 0, 0, 0, 0],
		0x18 | (positiveV ? 4 : 0) | (positiveH ? 2 : 0),
	];
}

/** Standard timings: width / 8 - 31, then the shape in the two highest bits; 60 Hz. */
const shapes = { '16:10': 0x00, '4:3': 0x40, '16:9': 0xc0 } as const;
const standard = (width: number, shape: keyof typeof shapes): number[] => [width / 8 - 31, shapes[shape]];
const unused = [1, 1];

const text = (tag: number, words: string): number[] => [0, 0, 0, tag, 0, ...Buffer.from(`${words}\n`.padEnd(13))];

function closed(block: readonly number[]): number[] {
	const sum = block.reduce((total, byte) => total + byte, 0);
	return [...block, (256 - (sum & 255)) & 255];
}

const base = closed([
	...[0, 255, 255, 255, 255, 255, 255, 0],
	// "PBX", which nobody has registered; no serial number; made in 2026.
	...[0x40, 0x58, 1, 0, 0, 0, 0, 0, 0, 36],
	...[1, 3],
	// Digital; no size; gamma 2.2; RGB, sRGB, the first timing is preferred.
	...[0x80, 0, 0, 120, 0x0e],
	// sRGB's primaries.
	...[0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54],
	// 640x480, 800x600 and 1024x768 at 60 Hz.
	...[0x21, 0x08, 0x00],
	...standard(1280, '16:9'),
	...standard(1280, '16:10'),
	...standard(1280, '4:3'),
	...standard(1680, '16:10'),
	...standard(1920, '16:9'),
	...unused,
	...unused,
	...unused,
	...detailed(fullHd),
	...detailed(portrait),
	...text(0xfc, 'Phlebox'),
	// 49 to 61 Hz, 30 to 69 kHz, 170 MHz.
	...[0, 0, 0, 0xfd, 0, 49, 61, 30, 69, 17, 0, 10, 32, 32, 32, 32, 32, 32],
	1,
]);

/** Formats of CTA-861: 1080p60, 720p60, 640x480p60, 1080p50, 720p50. */
const videoData = [0x45, 16, 4, 1, 31, 19];
/** The HDMI Licensing block, physical address 1.0.0.0: without it sources speak DVI. */
const hdmiData = [0x65, 0x03, 0x0c, 0x00, 0x10, 0x00];
/** Video capability: the range of RGB can be chosen by the source; no overscan. */
const capabilityData = [0xe2, 0x00, 0x4a];
const dataBlocks = [...videoData, ...hdmiData, ...capabilityData];
const extensionTimings = [...detailed(wxga), ...detailed(wsxga)];
const extension = closed(
	[...[2, 3, 4 + dataBlocks.length, 0x81], ...dataBlocks, ...extensionTimings]
		.concat(Array<number>(127).fill(0))
		.slice(0, 127),
);

/** Two blocks of 128 bytes. */
export const phleboxEdid: Uint8Array = new Uint8Array([...base, ...extension]);

/** Where the physical address stands, two bytes, and the sum that counts it in. Drivers put their own there. */
const ownOfDriver = [128 + 4 + videoData.length + 4, 128 + 4 + videoData.length + 5, 255];

/** Whether an EDID offers just what another one does. */
export function sameEdid(one: Uint8Array, other: Uint8Array): boolean {
	return one.length === other.length && one.every((byte, at) => byte === other[at] || ownOfDriver.includes(at));
}
