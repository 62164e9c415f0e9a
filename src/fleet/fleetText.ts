import type { Fleet, FleetBox } from './fleet.ts';

const columns: { head: string; width: number; of: (box: FleetBox, nowMs: number) => string }[] = [
	{ head: 'box', width: 16, of: ({ box }) => box },
	{ head: 'label', width: 14, of: ({ label }) => label },
	{ head: 'state', width: 9, of: ({ state }) => state },
	{ head: 'version', width: 8, of: ({ version }) => version },
	{ head: 'model', width: 18, of: ({ model }) => model },
	{ head: 'signal', width: 10, of: ({ signal }) => signal },
	{ head: 'light', width: 10, of: ({ light }) => light },
	{ head: 'waits', width: 5, of: ({ pending }) => (pending === null ? '' : `${pending}`) },
	{
		head: 'last result',
		width: 26,
		of: ({ result }, nowMs) => (result ? `${result.outcome} ${result.site} ${ago(result.at, nowMs)}` : ''),
	},
	{ head: 'alerts', width: 60, of: ({ alerts, reason }) => alerts.map(({ code }) => code).join(' ') || reason },
];

/** The fleet as lines for a terminal: what is wrong first. @param rows most lines; @param width most characters a line */
export function fleetText(fleet: Fleet, nowMs: number, rows: number, width: number): string {
	const boxes = fleet.boxes(nowMs);
	const counts = new Map<string, number>();
	for (const { state } of boxes) counts.set(state, (counts.get(state) ?? 0) + 1);
	const sums = [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
	const alerts = boxes.reduce((sum, box) => sum + box.alerts.length, 0);
	const shown = boxes.slice(0, Math.max(1, rows - 3));
	const lines = [
		`${boxes.length} boxes: ${sums || 'none heard yet'}; ${alerts} alerts; ${fleet.messages} messages${fleet.malformed > 0 ? `, ${fleet.malformed} malformed` : ''}`,
		columns.map(({ head, width: size }) => cell(head, size)).join(' '),
		...shown.map((box) => columns.map(({ of, width: size }) => cell(of(box, nowMs), size)).join(' ')),
	];
	if (boxes.length > shown.length) lines.push(`and ${boxes.length - shown.length} more`);
	return lines.map((line) => line.trimEnd().slice(0, width)).join('\n');
}

function cell(text: string, width: number): string {
	return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function ago(at: string, nowMs: number): string {
	const seconds = Math.max(0, Math.round((nowMs - Date.parse(at)) / 1000));
	if (seconds < 100) return `${seconds} s ago`;
	return seconds < 6000 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}
