/** Names of the known landmarks for people. */
export const siteNames: Readonly<Record<string, string>> = {
	sfj: 'groin, saphenofemoral junction',
	fv: 'upper thigh, femoral vein',
	pop: 'knee, popliteal vein',
};

/** A landmark that a later model brings along is called by its own word. */
export function siteName(site: string): string {
	return siteNames[site] ?? site;
}
