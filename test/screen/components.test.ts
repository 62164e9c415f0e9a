import test from 'ava';
import fc from 'fast-check';
import { activeBit, crispBit, hardBit } from '../../src/screen/cellMarks.ts';
import { Components } from '../../src/screen/components.ts';

const width = 13;
const height = 9;
const parts = new Components(width * height);

test('every cell of the mask belongs to one part, neighbours to the same, and parts are counted right', (t) => {
	const cell = fc.record({ lit: fc.boolean(), mark: fc.integer({ min: 0, max: 7 }) });
	fc.assert(
		fc.property(fc.array(cell, { minLength: width * height, maxLength: width * height }), (cells) => {
			const mask = Uint8Array.from(cells, ({ lit }) => (lit ? 1 : 0));
			const marks = Uint8Array.from(cells, ({ mark }) => mark);
			parts.label(mask, marks, width, height);
			const { labels } = parts;
			for (let at = 0; at < width * height; at++) {
				if ((labels[at] !== 0) !== (mask[at] === 1)) return false;
				if (mask[at] === 0) continue;
				if (at % width > 0 && mask[at - 1] === 1 && labels[at] !== labels[at - 1]) return false;
				if (at >= width && mask[at - width] === 1 && labels[at] !== labels[at - width]) return false;
			}
			return parts.list.slice(0, parts.count).every((part, place) => {
				const mine = [...labels.subarray(0, width * height).keys()].filter((at) => labels[at] === place + 1);
				const xs = mine.map((at) => at % width);
				const ys = mine.map((at) => Math.floor(at / width));
				const marked = (bit: number) => mine.filter((at) => (marks[at]! & bit) !== 0).length;
				return (
					part.cells === mine.length &&
					part.left === Math.min(...xs) &&
					part.right === Math.max(...xs) + 1 &&
					part.top === Math.min(...ys) &&
					part.bottom === Math.max(...ys) + 1 &&
					part.hard === marked(hardBit) &&
					part.crisp === marked(crispBit) &&
					part.active === marked(activeBit) &&
					part.sumX === xs.reduce((a, b) => a + b, 0)
				);
			});
		}),
		{ numRuns: 60 },
	);
	t.pass();
});

test('two parts that touch at a corner only are two parts', (t) => {
	const mask = new Uint8Array(width * height);
	mask[0] = mask[width + 1] = 1;
	parts.label(mask, new Uint8Array(width * height), width, height);
	t.is(parts.count, 2);
});
