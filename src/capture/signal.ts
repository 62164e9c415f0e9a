/**
 * What the input says of itself. Everything but `ok` means that there is no picture to judge.
 * - `no-device` the capture device is not there; `no-cable`, `no-signal`, `no-lock`, `out-of-range` as the HDMI receiver
 *   tells them apart; `unsupported-format` the device delivers something this box cannot read; `stuck` frames stopped or
 *   the sequence number stands still; `error` anything else, with the cause in the detail.
 */
export const signalStates = [
	'ok',
	'no-device',
	'no-cable',
	'no-signal',
	'no-lock',
	'out-of-range',
	'unsupported-format',
	'stuck',
	'error',
] as const;

export type SignalState = (typeof signalStates)[number];
