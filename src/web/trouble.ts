import type { SignalState } from '../capture/signal.ts';
import type { Guidance } from '../exam/guidance.ts';
import type { Phase } from '../exam/state.ts';
import type { Scene } from '../screen/scene.ts';

const signalWords: Record<Exclude<SignalState, 'ok'>, string> = {
	'no-device': 'The capture device is missing. Plug it in.',
	'no-cable': 'No cable. Plug the video cable of the ultrasound machine in.',
	'no-signal': 'No signal. Is the ultrasound machine on?',
	'no-lock': 'The signal is unstable. Check the video cable.',
	'out-of-range': 'This picture size does not work. Choose another at the ultrasound machine.',
	'unsupported-format': 'The capture device delivers a format that cannot be read.',
	stuck: 'The capture device gives no new frames. Unplug it and plug it in again.',
	error: 'The capture device reports an error.',
};

const sceneWords: Record<Exclude<Scene, 'live'>, string> = {
	frozen: 'The picture is frozen. Press freeze at the ultrasound machine to go on.',
	colour: 'Colour Doppler is on. Switch it off.',
	dual: 'Two pictures are on the screen. Switch to one.',
	'not-ultrasound': 'This is no ultrasound picture. Go back to the live scan.',
	'layout-changed': 'The screen has changed. Looking for the scan again.',
	'no-roi': 'Looking for the scan on the screen. Let the scan run.',
};

const liftProbe = 'The examination has ended. Lift the probe before the next one.';

/** When the result has expired, what was last known of signal and scene is as old as it is. */
export const noFreshResult = 'The box has no fresh result. Wait a moment.';

/** What stands between the nurse and a judgement, in plain words; null when nothing does. */
export function trouble(guidance: Guidance, signal: SignalState, scene: Scene, phase?: Phase): string | null {
	if (guidance === 'starting' || guidance === 'fault') return null;
	if (signal !== 'ok') return signalWords[signal];
	if (scene !== 'live') return sceneWords[scene];
	return guidance === 'dont-know' && phase === 'over' ? liftProbe : null;
}
