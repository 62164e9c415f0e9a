import type { Observation } from '../../src/exam/observation.ts';
import type { Protocol } from '../../src/exam/protocol.ts';
import { onePiece, provesClosure } from '../exam/oracle.ts';

/** More than a pass lasts, in frames. */
const kept = 1500;

/** Looks back from every green over what was seen, by the rules alone (test/exam/oracle.ts), and says which nothing proves. */
export class GreenProof {
	#history: Observation[] = [];
	/** Where the closure was proven that the last green rests on. */
	#proven = -1;

	/** A turn is over. @param green the site that the light says is captured; null where it is not green */
	turn(observation: Readonly<Observation>, green: string | null, protocol: Protocol): string | null {
		if (this.#history.length >= 2 * kept) {
			this.#history = this.#history.slice(-kept);
			this.#proven -= kept;
		}
		this.#history.push({ ...observation });
		if (green === null) return null;
		return this.#faultOf(green, protocol);
	}

	#faultOf(site: string, protocol: Protocol): string | null {
		const history = this.#history;
		const fresh = history.findLastIndex((other) => !other.repeated);
		if (fresh < 0) return 'no image yet';
		for (const other of history.slice(fresh))
			if (other.scene !== 'live' || other.signal !== 'ok') return 'green on an image before a fault';
		const image = history[fresh]!;
		if (image.landmark !== site || image.landmarkConfidence < protocol.thresholds.landmark)
			return 'green without the landmark in view';
		const holds = (at: number) =>
			at >= 0 &&
			image.timeMs - history[at]!.timeMs < protocol.capturedShowMs &&
			onePiece(history, at, fresh, site, protocol);
		if (holds(this.#proven)) return null;
		for (let at = fresh; holds(at); at--)
			if (provesClosure(history, at, protocol)) {
				this.#proven = at;
				return null;
			}
		return 'green without a closure that is proven here and now';
	}
}
