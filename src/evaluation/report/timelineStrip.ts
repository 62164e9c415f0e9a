import type { Span } from '../timeline.ts';
import { escapeHtml } from './html.ts';

const [left, width, laneHeight, gap] = [112, 1000, 20, 6];

/** Light colours with dark letters on them, in light and dark alike; names stand on wide spans and in titles. */
export const spanColours: Record<string, string> = {
	...{ sfj: '#a6c8f5', fv: '#9fdcb0', none: '#cfd4db' },
	...{ open: '#9bd7ea', closing: '#ffd58a', closed: '#f3a59b' },
	...{ captured: '#5fd08f', hold: '#9bb8f0', press: '#c3d4f5', searching: '#dde1e7', release: '#eaa9dd' },
	...{
		'dont-know': '#9aa3af',
		'exam-done': '#b9a9ea',
		'no-signal': '#9aa3af',
		stuck: '#9aa3af',
		frozen: '#b7bec8',
		starting: '#9aa3af',
		fault: '#9aa3af',
	},
};
const otherColour = '#e3c4ef';

const lanes = [
	{ name: 'landmark, true', of: (span: Span) => span.trueLandmark },
	{
		name: 'landmark, said',
		of: (span: Span) => span.saidLandmark,
		wrong: (span: Span) => span.saidLandmark !== span.trueLandmark,
	},
	{ name: 'vein, true', of: (span: Span) => span.trueVein },
	{
		name: 'vein, said',
		of: (span: Span) => span.saidVein,
		wrong: (span: Span) => span.saidVein !== span.trueVein && span.trueVein !== 'closing',
	},
	{ name: 'the light', of: (span: Span) => span.guidance },
] satisfies Lane[];

interface Lane {
	name: string;
	of(span: Span): string;
	/** Where what was said counts as wrong. */
	wrong?(span: Span): boolean;
}

/** A recording from left to right: what was true above what was said, and a red line where they differ. */
export function timelineStrip(spans: readonly Span[]): string {
	const endMs = Math.max(1, spans.at(-1)?.toMs ?? 1);
	const height = lanes.length * (laneHeight + gap);
	const x = (timeMs: number) => left + (timeMs / endMs) * (width - left - 8);
	const drawn = lanes.map((lane, place) => drawLane(lane, place * (laneHeight + gap), spans, x)).join('');
	return `<div class="strip scroll"><svg viewBox="0 0 ${width} ${height + 18}" role="img" aria-label="Truth and answers over ${(endMs / 1000).toFixed(1)} seconds">${drawn}${axis(endMs, height, x)}</svg></div>`;
}

function drawLane(lane: Lane, top: number, spans: readonly Span[], x: (timeMs: number) => number): string {
	const parts = [`<text x="0" y="${top + 14}">${lane.name}</text>`];
	for (const { fromMs, toMs, name } of joined(spans, lane.of)) {
		const wide = x(toMs) - x(fromMs);
		const text = escapeHtml(name);
		parts.push(
			`<rect x="${x(fromMs).toFixed(1)}" y="${top}" width="${Math.max(0.5, wide).toFixed(1)}" height="${laneHeight}" fill="${spanColours[name] ?? otherColour}"><title>${text}, ${(fromMs / 1000).toFixed(2)} to ${(toMs / 1000).toFixed(2)} s</title></rect>`,
		);
		if (wide > 7 * name.length + 6)
			parts.push(`<text class="on" x="${(x(fromMs) + 4).toFixed(1)}" y="${top + 14}">${text}</text>`);
	}
	if (lane.wrong)
		for (const { fromMs, toMs, name } of joined(spans, (span) => String(lane.wrong?.(span))))
			if (name === 'true')
				parts.push(
					`<rect class="wrong" x="${x(fromMs).toFixed(1)}" y="${top + laneHeight + 1}" width="${Math.max(1, x(toMs) - x(fromMs)).toFixed(1)}" height="3"/>`,
				);
	return parts.join('');
}

/** Spans in which one thing stays the same. */
function joined(spans: readonly Span[], of: (span: Span) => string): { fromMs: number; toMs: number; name: string }[] {
	const all: { fromMs: number; toMs: number; name: string }[] = [];
	for (const span of spans) {
		const last = all.at(-1);
		if (last && last.name === of(span)) last.toMs = span.toMs;
		else all.push({ fromMs: span.fromMs, toMs: span.toMs, name: of(span) });
	}
	return all;
}

function axis(endMs: number, height: number, x: (timeMs: number) => number): string {
	const steps = [0.5, 1, 2, 5, 10, 30, 60, 300, 600, 3600];
	const step = 1000 * (steps.find((seconds) => endMs / (1000 * seconds) <= 10) ?? 3600);
	const parts: string[] = [];
	for (let timeMs = 0; timeMs <= endMs; timeMs += step)
		parts.push(
			`<path class="axis" d="M${x(timeMs).toFixed(1)} ${height - 2}v5"/><text class="small" x="${x(timeMs).toFixed(1)}" y="${height + 14}" text-anchor="${timeMs === 0 ? 'start' : 'middle'}">${timeMs / 1000}${timeMs === 0 ? ' s' : ''}</text>`,
		);
	return parts.join('');
}
