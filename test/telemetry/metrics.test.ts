import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { shippedPath } from '../../src/packageRoot.ts';
import { healthExample } from '../../src/telemetry/messages/health.ts';
import { type MetricsInput, renderMetrics } from '../../src/telemetry/metrics.ts';
import { StatusBoard } from '../../src/vision/statusBoard.ts';

function input(change: Partial<MetricsInput> = {}): MetricsInput {
	const board = new StatusBoard(['sfj', 'fv']);
	board.signal = 'ok';
	board.scene = 'live';
	board.say('press', 'sfj', Number.MAX_VALUE);
	board.set('frames', 100);
	board.histogram[0] = 60;
	board.histogram[10] = 39;
	board.histogram[63] = 1;
	return {
		info: { box: 'box-1', version: '1', model: 'm "x"\\', provider: 'cpu' },
		health: healthExample,
		state: {
			link: { phase: 'refused', reason: '', since: '', cause: 'credentials', needsMending: true },
			...{ pending: 3, waiting: 2, setAside: 1, boot: 17 },
		},
		alerts: [{ code: 'store-full', severity: 'critical', since: '', text: 'x' }],
		board,
		input: {
			states: new Map([
				['ok', 90_500],
				['no-cable', 0],
			]),
			losses: 4,
		},
		...change,
	};
}

const value = (text: string, name: string) =>
	text
		.split('\n')
		.find((line) => line.startsWith(`${name} `))
		?.slice(name.length + 1);

test('the page has the form that Prometheus reads: each metric once, with help and type, its samples behind it', (t) => {
	const text = renderMetrics(input());
	const seen = new Set<string>();
	let now = '';
	for (const line of text.trimEnd().split('\n')) {
		const help = /^# HELP (\S+) \S/.exec(line);
		if (help) {
			t.false(seen.has(help[1]!), line);
			now = help[1]!;
			seen.add(now);
		} else if (line.startsWith('#')) t.regex(line, new RegExp(`^# TYPE ${now} (gauge|counter|histogram)$`));
		else t.regex(line, new RegExp(`^${now}(_bucket|_count)?(\\{([a-z]+="([^"\\\\]|\\\\.)*",?)+\\})? -?[0-9.e+-]+$`));
	}
	t.true(text.endsWith('\n'));
});

test('latencies are cumulative, in seconds, and count the slowest too', (t) => {
	const text = renderMetrics(input());
	t.is(value(text, 'phlebox_frame_to_light_seconds_bucket{le="0.00005000"}'), '60');
	t.is(value(text, 'phlebox_frame_to_light_seconds_bucket{le="+Inf"}'), '100');
	t.is(value(text, 'phlebox_frame_to_light_seconds_count'), '100');
});

test('what is so now is one, all else of its kind nought', (t) => {
	const text = renderMetrics(input());
	t.is(value(text, 'phlebox_signal{state="ok"}'), '1');
	t.is(value(text, 'phlebox_signal{state="no-cable"}'), '0');
	t.is(value(text, 'phlebox_guidance{guidance="press"}'), '1');
	t.is(value(text, 'phlebox_signal_seconds_total{state="ok"}'), '90.5');
	t.is(value(text, 'phlebox_signal_losses_total'), '4');
	t.is(value(text, 'phlebox_link_fault{cause="credentials"}'), '1');
	t.is(value(text, 'phlebox_link_online'), '0');
	t.is(value(text, 'phlebox_alert{code="store-full",severity="critical"}'), '1');
	t.is(value(text, 'phlebox_info{box="box-1",version="1",model="m \\"x\\"\\\\",provider="cpu"}'), '1');
	t.is(value(text, 'phlebox_temperature_celsius{zone="cpu-thermal"}'), '51.2');
});

test('what is not known is not there', (t) => {
	const text = renderMetrics(input({ health: null, board: null, alerts: [] }));
	t.is(value(text, 'phlebox_vision_running'), '0');
	t.notRegex(text, /phlebox_(signal\{|cpu|alert|frame)/);
});

const rules = parse(readFileSync(shippedPath('deploy/prometheus/phlebox.rules.yml'), 'utf8'));
const dashboard = JSON.parse(readFileSync(shippedPath('deploy/grafana/phlebox.json'), 'utf8'));
const expressions: string[] = [
	...rules.groups.flatMap((group: { rules: { expr: string }[] }) => group.rules.map(({ expr }) => expr)),
	...dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) => panel.targets.map(({ expr }) => expr)),
];

test('dashboard and alert rules ask for nothing that a box does not give', (t) => {
	const text = renderMetrics(input());
	const given = new Set([...text.matchAll(/^([a-z_]+)/gm)].map(([, name]) => name));
	for (const expression of expressions)
		for (const [name] of expression.matchAll(/phlebox_[a-z_]+/g)) t.true(given.has(name), `${name} in ${expression}`);
	t.true(expressions.length >= 20);
});
