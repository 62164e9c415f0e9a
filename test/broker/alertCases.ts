/** One alert rule of deploy/prometheus: what a box gives that calls for it, and what it then says. */
export interface AlertCase {
	alert: string;
	/** Series, as promtool writes them, one value a minute: from the first on the rule is wanted. */
	sick: Readonly<Record<string, string>>;
	/** The same of a box that is well. */
	well: Readonly<Record<string, string>>;
	/** When it is looked at; a rule waits before it calls. */
	at: string;
	/** Labels besides `instance` and `alertname`. */
	labels: Readonly<Record<string, string>>;
	summary: string;
}

const box = 'instance="box-1"';
const up = `up{job="phlebox",${box}}`;
const frames = `phlebox_frames_total{${box}}`;
const misses = `phlebox_misses_total{${box}}`;
const within = (seconds: string) => `phlebox_frame_to_light_seconds_bucket{${box},le="${seconds}"}`;
const full = `phlebox_disk_total_bytes{${box}}`;
const free = `phlebox_disk_free_bytes{${box}}`;
const warning = { severity: 'warning' };
const critical = { severity: 'critical' };

function gauge(alert: string, series: string, [well, sick]: [string, string], at: string, more: Partial<AlertCase>) {
	const values = (value: string) => ({
		[`${series.replace(/}?$/, '')}${series.endsWith('}') ? ',' : '{'}${box}}`]: value,
	});
	return { alert, at, sick: values(sick), well: values(well), labels: warning, summary: '', ...more };
}

export const alertCases: readonly AlertCase[] = [
	{
		...{ alert: 'PhleboxDown', at: '5m', sick: { [up]: '0+0x60' }, well: { [up]: '1+0x60' } },
		...{ labels: { ...critical, job: 'phlebox' }, summary: 'box-1 does not answer' },
	},
	gauge('PhleboxAlert', 'phlebox_alert{code="store-full",severity="critical"}', ['0+0x60', '1+0x60'], '3m', {
		labels: { ...critical, code: 'store-full' },
		summary: 'box-1: store-full (docs/mqtt.md says what it means)',
	}),
	gauge('PhleboxVisionStopped', 'phlebox_vision_running', ['1+0x60', '0+0x60'], '3m', {
		labels: critical,
		summary: "box-1: no vision thread runs; the light says don't know",
	}),
	gauge('PhleboxNoSignal', 'phlebox_signal{state="ok"}', ['1+0x60', '0+0x60'], '20m', {
		labels: { ...warning, state: 'ok' },
		summary: 'box-1: no usable picture for 15 minutes',
	}),
	gauge('PhleboxSignalFlickers', 'phlebox_signal_losses_total', ['0+1x60', '0+3x60'], '50m', {
		summary: 'box-1: the picture comes and goes; look at the cable and the plugs',
	}),
	gauge('PhleboxLinkDown', 'phlebox_link_online', ['1+0x60', '0+0x60'], '20m', {
		summary: 'box-1: not at its broker for 15 minutes; results wait on the box',
	}),
	gauge('PhleboxResultsWait', 'phlebox_outbox_oldest_seconds', ['30+0x60', '3900+0x60'], '10m', {
		summary: 'box-1: results wait for 1h 5m 0s',
	}),
	gauge('PhleboxResultsInMemory', 'phlebox_outbox_in_memory', ['0+0x60', '2+0x60'], '3m', {
		labels: critical,
		summary: 'box-1: 2 results would be gone with a power cut',
	}),
	gauge('PhleboxMessagesAside', 'phlebox_outbox_aside', ['0+0x60', '1+0x60'], '3m', {
		summary: 'box-1: the broker will never take 1 messages; see `phlebox outbox list`',
	}),
	{
		...{ alert: 'PhleboxSlow', at: '40m', labels: warning },
		sick: { [within('0.05')]: '0+90x60', [within('0.1')]: '0+100x60', [within('+Inf')]: '0+100x60' },
		well: { [within('0.05')]: '0+100x60', [within('0.1')]: '0+100x60', [within('+Inf')]: '0+100x60' },
		summary: 'box-1: a frame in a hundred takes longer than 50 ms to the light',
	},
	{
		...{ alert: 'PhleboxMissesFrames', at: '40m', labels: warning },
		sick: { [frames]: '0+3600x60', [misses]: '0+40x60' },
		well: { [frames]: '0+3600x60', [misses]: '0+30x60' },
		summary: 'box-1: more than one frame in a hundred comes too late',
	},
	gauge('PhleboxHot', 'phlebox_temperature_celsius{zone="cpu-thermal"}', ['60+0x60', '93+0x60'], '10m', {
		summary: 'box-1: 93 °C',
	}),
	{
		...{ alert: 'PhleboxDiskFilling', at: '20m', labels: warning },
		sick: { [full]: '1000+0x60', [free]: '40+0x60' },
		well: { [full]: '1000+0x60', [free]: '60+0x60' },
		summary: 'box-1: the disk of the store is nearly full',
	},
	gauge('PhleboxClockJumps', 'phlebox_clock_jumps_total', ['3+0x60', '0x10 1+0x50'], '15m', {
		summary: 'box-1: its clock was set; times of results may be off',
	}),
];
