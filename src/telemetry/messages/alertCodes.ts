/**
 * Every alert a box can raise and what it means. The list is closed, so that a box that starts anew can clear what its
 * last life left retained at the broker.
 */
export const alertCodes = {
	'store-full': 'The store has no room; new results wait in memory and would be gone with a power cut.',
	'store-filling': 'The store is four fifths full of messages that could not be sent.',
	'results-overdue': 'Messages could not be sent for long; they are kept.',
	'store-failed': 'The store cannot be written; new results wait in memory and would be gone with a power cut.',
	'store-damaged': 'The store was damaged; its folder was put aside unchanged and a new one begun.',
	'results-lost': 'Results could not be kept: the store took none and the memory for waiting results was full.',
	'message-set-aside': 'The broker will never take a certain message; it is kept on the box, no longer sent.',
	'broker-refused': 'The broker refuses the box or its messages; nothing is lost, nothing is delivered.',
	'broker-credentials': 'The broker does not take the user name, the password or the rights of this box.',
	'broker-certificate-expired': 'The certificate of the broker has expired.',
	'broker-certificate-untrusted': 'The certificate of the broker is not trusted, or is of another host.',
	'clock-before-certificate': 'The clock of the box stands before the start of a certificate.',
	'box-certificate-expired': 'The certificate of this box has expired.',
	'box-certificate-expiring': 'The certificate of this box expires soon.',
	'box-certificate-refused': 'The broker does not take the certificate of this box.',
	'box-certificate-unusable': 'Certificate or key of this box cannot be read or do not belong together.',
	'broker-unreachable': 'No broker has been out of reach for long.',
	'signal-lost': 'No usable picture from the ultrasound machine.',
	'roi-invalid': 'The scan area of the configuration does not fit the screen.',
	'vision-stuck': 'The vision thread stood still and was restarted.',
	'vision-failed': 'The vision thread ended with an error.',
	'light-failed': 'A light could not be opened or written.',
	'buttons-failed': 'Buttons cannot be read.',
	'update-failed': 'A model that is wanted could not be installed, or was taken back. What ran before runs on.',
	'model-invalid': 'The model package cannot be used.',
} as const;

export type AlertCode = keyof typeof alertCodes;
export const alertCodeWords = Object.keys(alertCodes) as [AlertCode, ...AlertCode[]];
