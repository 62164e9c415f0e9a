import { PhleboxError } from '../../errors.ts';

/**
 * What to do about a reason code of the broker.
 * - `mend`: a person has to change something first; the box tries again seldom.
 * - `wait`: passes by itself.
 * - `downgrade`: speak MQTT 3.1.1 instead.
 * - `never`: this message will never be taken; it is set aside.
 */
export type Remedy = 'mend' | 'wait' | 'downgrade' | 'never';

interface ReasonCode {
	text: string;
	remedy: Remedy;
}

const ofMqtt3: Record<number, ReasonCode> = {
	1: { text: 'it does not speak this version of MQTT; set mqtt.protocol', remedy: 'downgrade' },
	2: { text: 'it does not take the client id; check box.id', remedy: 'mend' },
	3: { text: 'it is not available now', remedy: 'wait' },
	4: { text: 'wrong user name or password; check mqtt.username and mqtt.password', remedy: 'mend' },
	5: { text: 'the user may not do that; check the credentials and rights at the broker', remedy: 'mend' },
};

/** MQTT 5.0, section 2.4, as far as a broker answers CONNECT and PUBLISH with them or disconnects. */
const ofMqtt5: Record<number, ReasonCode> = {
	128: { text: 'it gives no reason', remedy: 'wait' },
	129: { text: 'malformed packet', remedy: 'wait' },
	130: { text: 'protocol error', remedy: 'wait' },
	131: { text: 'a reason of its own', remedy: 'wait' },
	132: { ...ofMqtt3[1]! },
	133: { ...ofMqtt3[2]! },
	134: { ...ofMqtt3[4]! },
	135: { ...ofMqtt3[5]! },
	136: { ...ofMqtt3[3]! },
	137: { text: 'it is busy', remedy: 'wait' },
	138: { text: 'this box is banned there', remedy: 'mend' },
	139: { text: 'it is shutting down', remedy: 'wait' },
	140: { text: 'bad authentication method', remedy: 'mend' },
	141: { text: 'it heard nothing for too long', remedy: 'wait' },
	142: { text: 'another client uses the same id; give each box its own box.id', remedy: 'mend' },
	144: { text: 'the topic is not allowed', remedy: 'never' },
	147: { text: 'too many messages at once', remedy: 'wait' },
	149: { text: 'the message is too large', remedy: 'never' },
	150: { text: 'messages come too fast', remedy: 'wait' },
	151: { text: 'its quota is used up', remedy: 'wait' },
	152: { text: 'an operator there ended the connection', remedy: 'wait' },
	153: { text: 'the payload format is not allowed', remedy: 'never' },
	154: { text: 'it keeps no retained messages; allow them there', remedy: 'mend' },
	155: { text: 'it does not take QoS 1; allow it there', remedy: 'mend' },
	156: { text: 'it wants another server to be used; change mqtt.url', remedy: 'mend' },
	157: { text: 'it moved; change mqtt.url', remedy: 'mend' },
	159: { text: 'connections come too fast', remedy: 'wait' },
	160: { text: 'the connection lasted as long as it may', remedy: 'wait' },
};

/** The broker said no. */
export class BrokerRefusal extends PhleboxError {
	/** MQTT reason code; from 128 in MQTT 5, below in 3.1.1. */
	readonly reasonCode: number;
	readonly remedy: Remedy;

	/** @param what said no to, such as `the connection` */
	constructor(broker: string, what: string, reasonCode: number) {
		const reason = (reasonCode < 128 ? ofMqtt3 : ofMqtt5)[reasonCode] ?? { text: 'unknown reason', remedy: 'wait' };
		super('broker-refused', `the broker ${broker} refuses ${what} (reason code ${reasonCode}): ${reason.text}`);
		this.reasonCode = reasonCode;
		this.remedy = reason.remedy;
	}

	/** Name, password or rights: bad user name or password, not authorised. */
	get aboutCredentials(): boolean {
		return [4, 5, 134, 135, 140].includes(this.reasonCode);
	}
}
