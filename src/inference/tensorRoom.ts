import type { FrameMemory } from '../capture/frameMemory.ts';

interface Room {
	offset: number;
	byteLength: number;
}

const givenBack = new WeakMap<FrameMemory, Room[]>();

/**
 * A region of the work area for the tensors of a model. The work area knows no giving back; a box that is updated for
 * years would use it up, so the rooms of closed models are used again.
 */
export function takeRoom(memory: FrameMemory, byteLength: number): Room {
	const rooms = givenBack.get(memory) ?? [];
	const fitting = rooms.findIndex((room) => room.byteLength >= byteLength);
	const room = rooms.splice(fitting, fitting < 0 ? 0 : 1)[0] ?? { offset: memory.reserve(byteLength), byteLength };
	memory.bytes.fill(0, room.offset, room.offset + room.byteLength);
	return room;
}

export function giveBackRoom(memory: FrameMemory, room: Room): void {
	givenBack.set(memory, [...(givenBack.get(memory) ?? []), room]);
}
