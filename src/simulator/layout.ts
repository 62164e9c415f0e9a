import type { Roi } from '../capture/frame.ts';
import type { Colour } from './canvas.ts';
import { type Probe, pictureSize } from './probe.ts';

/** What stands where on a scanner's screen. Positions and sizes are shares of the screen's width and height. */
export interface Layout {
	name: string;
	probe: 'linear' | 'curved' | 'any';
	ground: Colour;
	band: Colour;
	text: Colour;
	/** Height of the band at the top, and of the one at the bottom (0: none). */
	header: number;
	footer: number;
	/** The box that the picture is fitted into. */
	box: readonly [x: number, y: number, width: number, height: number];
	/** Whether the box is black even where the picture does not fill it. */
	blackBox: boolean;
	/** Depth ruler beside the picture or on its edge; parameters and grey bar beside the box. */
	ruler: 'left' | 'right' | 'inside';
	parameters: 'left' | 'right';
	greyBar: 'left' | 'right';
	/** Top left corner of the running clock. */
	clock: readonly [x: number, y: number];
	/** Tenths of a second on the clock. */
	tenths: boolean;
	/** A trace that runs along the bottom. */
	trace: boolean;
	/** Mark of the maker and of the probe's side inside the picture. */
	markInside: boolean;
}

const black: Colour = [16, 128, 128];
const white: Colour = [225, 128, 128];

export const layouts: readonly Layout[] = [
	{
		name: 'classic',
		probe: 'any',
		ground: black,
		band: [70, 142, 118],
		text: white,
		header: 0.075,
		footer: 0,
		box: [0.17, 0.1, 0.66, 0.84],
		blackBox: false,
		ruler: 'right',
		parameters: 'left',
		greyBar: 'right',
		clock: [0.84, 0.045],
		tenths: false,
		trace: true,
		markInside: false,
	},
	{
		name: 'wide',
		probe: 'any',
		ground: [30, 130, 127],
		band: [46, 132, 126],
		text: [200, 126, 130],
		header: 0.06,
		footer: 0.05,
		box: [0.03, 0.09, 0.74, 0.83],
		blackBox: true,
		ruler: 'inside',
		parameters: 'right',
		greyBar: 'right',
		clock: [0.8, 0.015],
		tenths: true,
		trace: false,
		markInside: true,
	},
	{
		name: 'light',
		probe: 'any',
		ground: [188, 130, 126],
		band: [150, 146, 114],
		text: [30, 128, 128],
		header: 0.09,
		footer: 0.06,
		box: [0.2, 0.12, 0.62, 0.8],
		blackBox: true,
		ruler: 'left',
		parameters: 'right',
		greyBar: 'left',
		clock: [0.02, 0.95],
		tenths: false,
		trace: false,
		markInside: false,
	},
	{
		name: 'sector',
		probe: 'curved',
		ground: black,
		band: [54, 120, 136],
		text: white,
		header: 0.035,
		footer: 0,
		box: [0.1, 0.07, 0.74, 0.84],
		blackBox: false,
		ruler: 'right',
		parameters: 'left',
		greyBar: 'right',
		clock: [0.2, 0.006],
		tenths: true,
		trace: true,
		markInside: false,
	},
	{
		name: 'portable',
		probe: 'linear',
		ground: black,
		band: black,
		text: [190, 120, 134],
		header: 0.1,
		footer: 0.08,
		box: [0.05, 0.12, 0.9, 0.78],
		blackBox: false,
		ruler: 'inside',
		parameters: 'right',
		greyBar: 'left',
		clock: [0.02, 0.93],
		tenths: false,
		trace: false,
		markInside: true,
	},
	{
		name: 'offset',
		probe: 'linear',
		ground: [22, 132, 124],
		band: [40, 140, 120],
		text: white,
		header: 0.05,
		footer: 0.1,
		box: [0.27, 0.08, 0.6, 0.78],
		blackBox: true,
		ruler: 'left',
		parameters: 'left',
		greyBar: 'left',
		clock: [0.02, 0.93],
		tenths: true,
		trace: false,
		markInside: true,
	},
];

/** Screens that real scanners deliver. */
export const screenSizes = [
	[640, 480],
	[800, 600],
	[1024, 768],
	[1280, 720],
	[1280, 960],
	[1920, 1080],
] as const;

/** The picture's place on the screen: as large as fits the layout's box, pixels square. */
export function placePicture(layout: Layout, probe: Probe, width: number, height: number): Roi {
	const [x, y, across, down] = layout.box;
	const size = pictureSize(probe);
	const scale = Math.min((across * width) / size.width, (down * height) / size.height);
	const pictureWidth = Math.floor(size.width * scale) & ~1;
	const pictureHeight = Math.floor(size.height * scale) & ~1;
	return {
		x: Math.round(x * width + (across * width - pictureWidth) / 2) & ~1,
		y: Math.round(y * height + (probe.kind === 'curved' ? (down * height - pictureHeight) / 2 : 0)) & ~1,
		width: pictureWidth,
		height: pictureHeight,
	};
}
