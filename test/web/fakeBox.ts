import { monotonicMs } from '../../src/clock.ts';
import type { Guidance } from '../../src/exam/guidance.ts';
import type { Timing } from '../../src/telemetry/timing.ts';
import type { ExamCommand } from '../../src/vision/messages.ts';
import type { AlertView, BoxInfo, BoxView, PreviewPicture } from '../../src/web/boxView.ts';
import type { PageState } from '../../src/web/pageState.ts';

/** A box whose state a test sets. Its results are always fresh unless `expired` is set. */
export class FakeBox implements BoxView {
	current: PageState = {
		guidance: 'searching',
		site: 'sfj',
		validForMs: 250,
		signal: 'ok',
		scene: 'live',
		trouble: null,
		landmark: null,
		phase: 'running',
		examination: 1,
		side: 'unknown',
		sites: [
			{ site: 'sfj', outcome: null },
			{ site: 'fv', outcome: null },
		],
		frames: 100,
		images: 60,
		latencyMs: 8,
		frameWidth: 1280,
		frameHeight: 720,
		roi: { x: 300, y: 80, width: 640, height: 480 },
		preview: 1,
	};
	times: Timing = {
		misses: 3,
		longestMissRun: 2,
		latency: { frames: 100, p50Ms: 9.14, p99Ms: 14.3, maxMs: 22.7, beyond: 0 },
		stages: {
			delivery: { frames: 100, p50Ms: 5.8, p99Ms: 9.1, maxMs: 12.3, beyond: 0 },
			screen: { frames: 100, p50Ms: 0.6, p99Ms: 1.9, maxMs: 4, beyond: 0 },
			network: null,
			light: { frames: 100, p50Ms: 0.05, p99Ms: 0.11, maxMs: 0.9, beyond: 1 },
		},
	};
	commands: ExamCommand[] = [];
	obeys = true;
	picture: PreviewPicture | null = null;
	notes: AlertView[] = [];
	simulated = true;

	set(change: Partial<PageState>): void {
		this.current = { ...this.current, ...change };
	}

	guide(guidance: Guidance): void {
		this.set({ guidance });
	}

	state(): PageState {
		return this.current;
	}

	timing(): Timing {
		return this.times;
	}

	preview(): PreviewPicture | null {
		return this.picture && { ...this.picture, sequence: Math.floor(monotonicMs() / 80) };
	}

	command(command: ExamCommand): boolean {
		if (this.obeys) this.commands.push(command);
		return this.obeys;
	}

	info(): BoxInfo {
		return {
			box: 'box-1',
			identifying: false,
			label: 'Ward 3',
			version: '0.1.0',
			source: 'a test',
			simulated: this.simulated,
			model: 'none',
			mqtt: 'connected',
		};
	}

	metrics(): string {
		return 'phlebox_up 1\n';
	}

	alerts(): AlertView[] {
		return this.notes;
	}
}

/** A picture of one vessel in speckle. */
export function vesselPicture(): PreviewPicture {
	const width = 320;
	const height = 240;
	const pixels = new Uint8Array(width * height);
	let seed = 7;
	for (let i = 0; i < pixels.length; i++) {
		seed = (seed * 1103515245 + 12345) & 0x7fffffff;
		const x = i % width;
		const y = Math.floor(i / width);
		const inside = ((x - 150) / 42) ** 2 + ((y - 110) / 32) ** 2 < 1;
		pixels[i] = (inside ? 14 : 70) * (0.5 + (seed >> 16) / 32768);
	}
	return { sequence: 1, width, height, aspect: 4 / 3, pixels };
}
