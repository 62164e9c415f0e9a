// @ts-check
/** How the light table's symbols and the checklist's marks are drawn: strokes in a square of 100. */
/** @type {Record<string, string>} */
const strokes = {
	'~': 'M12 58C26 24 40 28 50 50S74 76 88 42',
	x: 'M22 22L78 78M78 22L22 78',
	'?': 'M29 35A21 21 0 1 1 60 53Q50 59 50 68M50 88v.1',
	o: 'M50 17A33 33 0 1 1 49.9 17Z',
	v: 'M16 34L50 70L84 34',
	'=': 'M16 36H84M16 66H84',
	'*': 'M50 13V87M18 31.5L82 68.5M82 31.5L18 68.5',
	'^': 'M16 68L50 32L84 68',
	'#': 'M39 14L31 86M69 14L61 86M14 37H88M12 63H86',
	'/': 'M24 84L76 16',
	'"': 'M34 18V82M66 18V82',
	'!': 'M50 13V60M50 87v.1',
	done: 'M16 54L40 78L84 24',
	missed: 'M18 50H82',
	unseen: 'M24 24H76V76H24ZM24 76L76 24',
	todo: 'M24 24H76V76H24Z',
};

/**
 * @param {SVGElement} svg with one path in it
 * @param {string} name a symbol of the light table or a mark
 */
export function drawSymbol(svg, name) {
	if (svg.dataset.symbol === name) return;
	svg.dataset.symbol = name;
	svg.firstElementChild?.setAttribute('d', strokes[name] ?? strokes['?'] ?? '');
}

/** @param {string} name */
export function symbolElement(name) {
	const space = 'http://www.w3.org/2000/svg';
	const svg = document.createElementNS(space, 'svg');
	svg.setAttribute('viewBox', '0 0 100 100');
	svg.setAttribute('class', 'mark');
	svg.setAttribute('aria-hidden', 'true');
	svg.append(document.createElementNS(space, 'path'));
	drawSymbol(svg, name);
	return svg;
}
