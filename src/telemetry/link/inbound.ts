/** A message from the broker to this box. */
export interface Inbound {
	topic: string;
	payload: Buffer;
	retained: boolean;
	/** Of MQTT 5; undefined where the sender gave none. */
	responseTopic: string | undefined;
	correlationData: Buffer | undefined;
}

/** What a link listens to. */
export interface InboundParts {
	/** Topic filters, subscribed with QoS 1 at every connection. */
	filters: readonly string[];
	/** Must not throw. A message may come again: QoS 1. */
	onMessage: (message: Inbound) => void;
	/** The broker refuses a filter, with its reason code. */
	onRefused?: (reasonCode: number) => void;
}

/** Bytes of the largest packet that a broker may send to this box: commands and configurations are small. */
export const largestInbound = 128 * 1024;
/** Messages of QoS 1 that it may send unacknowledged. */
export const inboundWindow = 16;
