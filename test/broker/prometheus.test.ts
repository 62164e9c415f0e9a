import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parse, stringify } from 'yaml';
import { shippedPath } from '../../src/packageRoot.ts';
import { startPhlebox } from '../cli/phlebox.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { type AlertCase, alertCases } from './alertCases.ts';
import { Prometheus, promtool } from './prometheus.ts';

const rulesFile = shippedPath('deploy/prometheus/phlebox.rules.yml');
const rules: { alert: string; expr: string }[] = parse(readFileSync(rulesFile, 'utf8')).groups[0].rules;
const dashboard = JSON.parse(readFileSync(shippedPath('deploy/grafana/phlebox.json'), 'utf8'));

test('promtool takes the rules, and there is a case for each', (t) => {
	const { code, said } = promtool(['check', 'rules', rulesFile]);
	t.is(code, 0, said);
	t.deepEqual(
		alertCases.map(({ alert }) => alert),
		rules.map(({ alert }) => alert),
	);
});

function scenario(
	{ alert, at, labels, summary }: AlertCase,
	series: Readonly<Record<string, string>>,
	calls: boolean,
): object {
	const call = { exp_labels: { ...labels, instance: 'box-1' }, exp_annotations: { summary } };
	return {
		interval: '1m',
		input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
		alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: calls ? [call] : [] }],
	};
}

for (const each of alertCases)
	test(`${each.alert} calls when it has to, with words for whoever reads it, and not of a box that is well`, (t) => {
		const file = join(temporaryFolder(t), 'cases.yml');
		const tests = [scenario(each, each.sick, true), scenario(each, each.well, false)];
		writeFileSync(file, stringify({ rule_files: [rulesFile], evaluation_interval: '1m', tests }));
		const { code, said } = promtool(['test', 'rules', file]);
		t.is(code, 0, said);
	});

/** Panels of what the machine of a test may not have. */
const perhapsEmpty = ['Temperatures', 'Power', 'Alerts'];

test.serial(
	'Prometheus reads a running box: what the dashboard asks for is there, and a box that is gone is down',
	async (t) => {
		const demo = startPhlebox(['demo', '--web-port', '0', '--mqtt-port', '0', '--seconds', '300']);
		try {
			await demo.says(/display page +(http:\S+)/);
			const url = new URL(/display page +(http:\S+)/.exec(demo.stdout)![1]!);
			const page = await (await fetch(new URL('/metrics', url))).text();
			const { code, said } = promtool(['check', 'metrics'], page);
			t.is(code, 0, said);
			t.is(said.trim(), '');

			const prometheus = await Prometheus.start(t, url.host, rulesFile);
			await prometheus.until(
				'nine samples',
				async () => (await prometheus.values('count_over_time(up[5m]) > 8')).length > 0,
			);
			t.deepEqual(await prometheus.values('up'), [1]);
			t.true((await prometheus.values('rate(phlebox_frames_total[5m])'))[0]! > 1);
			for (const { title, targets } of dashboard.panels as { title: string; targets: { expr: string }[] }[])
				for (const { expr } of targets) {
					const values = await prometheus.values(expr.replaceAll('$box', '.+'));
					t.true(values.length > 0 || perhapsEmpty.includes(title), `${title}: ${expr} gives nothing`);
				}
			const { groups } = await prometheus.ask<{ groups: { rules: { name: string; health: string }[] }[] }>('rules');
			for (const { name, health } of groups[0]!.rules) t.is(`${name} ${health}`, `${name} ok`);

			demo.child.kill('SIGKILL');
			await prometheus.until(
				'down',
				async () => (await prometheus.values('ALERTS{alertname="PhleboxDown"}')).length > 0,
			);
		} finally {
			demo.child.kill('SIGKILL');
			await demo.end();
		}
	},
);
