import type { ReliabilityTable } from '../reliability.ts';
import { countText } from './html.ts';

const [left, top, side, below] = [46, 12, 300, 52];
const x = (share: number) => (left + share * side).toFixed(1);
const y = (share: number) => (top + (1 - share) * side).toFixed(1);

/** Probability said against share that was right, on the diagonal where it is calibrated; under it how many images. */
export function reliabilityDiagram(title: string, table: ReliabilityTable): string {
	const most = Math.max(1, ...table.bins.map(({ images }) => images));
	const base = top + side + 30 + below;
	const filled = table.bins.filter(({ images }) => images > 0);
	const gaps = filled
		.map(
			({ confidence, accuracy }) =>
				`<path d="M${x(confidence!)} ${y(confidence!)}V${y(accuracy!)}" stroke="var(--bad)" stroke-width="2" opacity=".7"/>`,
		)
		.join('');
	const line = filled
		.map(({ confidence, accuracy }, place) => `${place === 0 ? 'M' : 'L'}${x(confidence!)} ${y(accuracy!)}`)
		.join('');
	const dots = filled
		.map(
			({ confidence, accuracy, images }) =>
				`<circle class="dot" cx="${x(confidence!)}" cy="${y(accuracy!)}" r="4"><title>said ${confidence!.toFixed(2)}, right ${accuracy!.toFixed(2)}, ${images} images</title></circle>`,
		)
		.join('');
	const bars = filled
		.map(({ from, to, images }) => {
			const height = Math.max(1, (below * images) / most);
			return `<rect class="band" x="${(Number(x(from)) + 1).toFixed(1)}" y="${(base - height).toFixed(1)}" width="${((to - from) * side - 2).toFixed(1)}" height="${height.toFixed(1)}"/>`;
		})
		.join('');
	const ticks = [0, 0.25, 0.5, 0.75, 1]
		.map(
			(tick) =>
				`<path class="axis" d="M${x(tick)} ${y(0)}v5M${x(0)} ${y(tick)}h-5"/><text class="small" x="${x(tick)}" y="${top + side + 18}" text-anchor="middle">${tick}</text><text class="small" x="${left - 9}" y="${(Number(y(tick)) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
		)
		.join('');
	const error = table.error.toFixed(3);
	return `<figure class="panel diagram"><h3>${title}</h3><p class="quiet">expected calibration error ${error}, ${countText(table.images)} fresh images</p><svg viewBox="0 0 ${left + side + 14} ${base + 20}" role="img" aria-label="Reliability diagram of the ${title.toLowerCase()}: expected calibration error ${error}"><rect class="axis" x="${left}" y="${top}" width="${side}" height="${side}"/><path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="var(--quiet)" stroke-dasharray="4 4"/>${ticks}${gaps}<path d="${line}" fill="none" stroke="var(--mark)" stroke-width="1.5"/>${dots}${bars}<path class="axis" d="M${x(0)} ${base}H${x(1)}"/><text class="small" x="${x(0.5)}" y="${base + 15}" text-anchor="middle">probability said; bars: images</text><text class="small" transform="rotate(-90 11 ${top + side / 2})" x="11" y="${top + side / 2}" text-anchor="middle">share that was right</text></svg></figure>`;
}
