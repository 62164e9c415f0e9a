import { lightTable } from './lightTable.ts';
import type { Shown } from './shown.ts';
import { siteName } from './siteName.ts';

const textWidth = Math.max(...Object.values(lightTable).map((state) => state.text.length));

/**
 * One line of text for what the light says, such as `v PRESS      sfj (groin, ...): The site is in view ...`.
 * @param name the site for people; left out, the known name of `site`
 */
export function describe(guidance: Shown, site: string | null, name = site === null ? '' : siteName(site)): string {
	const { symbol, text, detail } = lightTable[guidance];
	const place = site === null ? '' : `${site}${name === '' || name === site ? '' : ` (${name})`}: `;
	return `${symbol} ${text.padEnd(textWidth)} ${place}${detail}`;
}
