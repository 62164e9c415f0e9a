import type { FrameSource } from '../capture/frameSource.ts';
import { RecordingSource } from '../capture/recording/recordingSource.ts';
import { V4l2Source } from '../capture/v4l2/v4l2Source.ts';
import type { Config } from '../config/schema.ts';
import { SimulatorSource } from '../simulator/simulatorSource.ts';

/** The frame source that the configuration names; opens nothing. */
export function frameSource({ source, v4l2, recording, simulator }: Config['capture']): FrameSource {
	if (source === 'simulator') return new SimulatorSource(simulator);
	if (source === 'recording') return new RecordingSource(recording);
	const { width, height, ...rest } = v4l2;
	return new V4l2Source({ ...rest, ...(width !== null && height !== null ? { width, height } : {}) });
}
