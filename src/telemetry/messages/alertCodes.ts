/**
 * Every alert a box can raise and what it means. The list is closed, so that a box that starts anew can clear what its
 * last life left retained at the broker.
 */
export const alertCodes = {
	'store-full': 'The store has no room; new results wait in memory and would be gone with a power cut.',
	'store-failed': 'The store cannot be written; new results wait in memory and would be gone with a power cut.',
	'store-damaged': 'The store was damaged; its folder was put aside unchanged and a new one begun.',
	'results-lost': 'Results could not be kept: the store took none and the memory for waiting results was full.',
	'message-set-aside': 'The broker will never take a certain message; it is kept on the box, no longer sent.',
	'broker-refused': 'The broker refuses the box or its messages; nothing is lost, nothing is delivered.',
	'broker-unreachable': 'The broker has been out of reach for long.',
	'signal-lost': 'No usable picture from the ultrasound machine.',
	'roi-invalid': 'The scan area of the configuration does not fit the screen.',
	'vision-stuck': 'The vision thread stood still and was restarted.',
	'vision-failed': 'The vision thread ended with an error.',
	'light-failed': 'A light could not be opened or written.',
	'buttons-failed': 'Buttons cannot be read.',
	'model-invalid': 'The model package cannot be used.',
} as const;

export type AlertCode = keyof typeof alertCodes;
export const alertCodeWords = Object.keys(alertCodes) as [AlertCode, ...AlertCode[]];
