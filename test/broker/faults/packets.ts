/** Cuts a stream of MQTT into its packets (MQTT 5.0, 2.1): whole ones, and the rest that has not come whole yet. */
export function packetsOf(buffer: Buffer): { packets: Buffer[]; rest: Buffer } {
	const packets: Buffer[] = [];
	let at = 0;
	for (;;) {
		const length = packetLength(buffer, at);
		if (length === null || at + length > buffer.length) return { packets, rest: buffer.subarray(at) };
		packets.push(buffer.subarray(at, at + length));
		at += length;
	}
}

function packetLength(buffer: Buffer, at: number): number | null {
	let length = 0;
	for (let place = 1; place <= 4; place += 1) {
		const byte = buffer[at + place];
		if (byte === undefined) return null;
		length += (byte & 127) << (7 * (place - 1));
		if (byte < 128) return length + place + 1;
	}
	return null;
}

export const isPuback = (packet: Buffer) => packet[0]! >> 4 === 4;
