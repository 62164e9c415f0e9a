import type { AreaFeatures } from './areaFeatures.ts';

/**
 * What is refused as no ultrasound. Found on 282 groin pictures, ten screens and five clips of real machines on one side,
 * and photographs, desktops, text pages, test pictures and noise on the other; in doubt a picture is refused.
 */
export interface JudgeOptions {
	/** Good images in a row after which a refused picture is accepted again; one bad one refuses it. */
	goodAfter: number;
	/** Blank: less difference between lights and shadows, grey levels. */
	leastContrast: number;
	/** Too bright: half of the area, or all but a twentieth of it, is brighter. */
	brightestMedian: number;
	brightestShadow: number;
	/** Coloured: a larger share of the area is so far from its mean colour. */
	colourDistance: number;
	colourShare: number;
	/** Noise and small lettering: neighbouring steps are less alike. */
	leastGrain: number;
	/** Smooth: a larger share of the lit blocks has less spread, as a share of their brightness. */
	flatShare: number;
	flatContrast: number;
	/** Drawn: a larger share of the bright pixels equals its neighbours. */
	drawnShare: number;
	/** Lettering: a larger share of the edges is hard, where at least this share of the pixels is an edge. */
	hardShare: number;
	edgeShare: number;
	/** Photographs: a little too bright, too smooth and too drawn at once; the sum of the three, each as share of its limit. */
	strangest: number;
	/** Even: the parts of the area differ less in brightness, as a share of their mean. */
	leastUnevenness: number;
}

/** Why a picture is no ultrasound, in a few words; empty where nothing speaks against it. */
export function refusalOf(features: AreaFeatures, options: JudgeOptions): string {
	if (features.light - features.shadow < options.leastContrast) return 'the picture is blank';
	if (features.median > options.brightestMedian || features.shadow > options.brightestShadow)
		return 'the picture is too bright for a scan';
	if (features.coloured > options.colourShare) return 'the picture is coloured';
	if (features.grain < options.leastGrain) return 'the picture is noise or lettering';
	if (features.hard > options.hardShare && features.edges > options.edgeShare) return 'the picture is lettering';
	if (features.drawn > options.drawnShare) return 'the picture is drawn';
	if (features.flat > options.flatShare) return 'the picture is smooth where a scan has speckle';
	const strange =
		features.median / options.brightestMedian + features.flat / options.flatShare + features.drawn / options.drawnShare;
	if (strange > options.strangest) return 'the picture is like a photograph';
	if (features.unevenness < options.leastUnevenness) return 'the picture is even where a scan has structure';
	return '';
}

/** Whether the picture counts as ultrasound. Begin with `createVerdict()`: the first image decides at once. */
export interface Verdict {
	/** Empty for ultrasound. */
	refusal: string;
	/** Good images in a row since the last bad one. */
	good: number;
}

export function createVerdict(): Verdict {
	return { refusal: '', good: 0 };
}

/** One image further, in place. @param refusal from `refusalOf` */
export function stepVerdict(verdict: Verdict, refusal: string, options: JudgeOptions): void {
	verdict.good = refusal === '' ? verdict.good + 1 : 0;
	if (refusal !== '') verdict.refusal = refusal;
	else if (verdict.good >= options.goodAfter) verdict.refusal = '';
}
