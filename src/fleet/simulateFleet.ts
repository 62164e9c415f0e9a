import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatedBox } from './simulatedBox.ts';

export interface SimulatedFleetOptions {
	boxes: number;
	url: string;
	root: string;
	healthMs: number;
	resultMs: number;
}

/** Starts so many boxes at a broker, a few at a time, so that they do not fall on it at once. Returns what stops them. */
export async function simulateFleet({ boxes, ...options }: SimulatedFleetOptions): Promise<() => Promise<void>> {
	const fleet: SimulatedBox[] = [];
	for (let place = 1; place <= boxes; place += 1) {
		const box = new SimulatedBox({ ...options, id: `sim-${String(place).padStart(4, '0')}` });
		fleet.push(box);
		await box.start();
		if (place % 20 === 0) await sleep(50);
	}
	return async () => {
		await Promise.all(fleet.map((box) => box.stop()));
	};
}
