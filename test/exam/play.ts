import { advance } from '../../src/exam/advance.ts';
import type { Guidance } from '../../src/exam/guidance.ts';
import type { Observation } from '../../src/exam/observation.ts';
import { type Protocol, protocolDefaults } from '../../src/exam/protocol.ts';
import type { ExamRecord } from '../../src/exam/record.ts';
import { createExam, type ExamState, type ExamStep } from '../../src/exam/state.ts';

export interface Turn {
	timeMs: number;
	guidance: Guidance;
	site: string | null;
	expiresMs: number;
	records: readonly ExamRecord[];
}

/** An exam with its two states, as the loop has it. Keeps every turn. */
export class Play {
	state: ExamState;
	readonly protocol: Protocol;
	readonly turns: Turn[] = [];
	#next: ExamState;

	constructor(protocol: Partial<Protocol> = {}) {
		// A short idle end keeps the stories of the tests short.
		this.protocol = { ...protocolDefaults, idleEndMs: 5000, ...protocol };
		this.state = createExam(this.protocol);
		this.#next = createExam(this.protocol);
	}

	/** One turn or one command: `act` gets the state and the one to write into. */
	turn(timeMs: number, act: (state: ExamState, next: ExamState) => ExamStep): Turn {
		const { guidance, site, expiresMs, records } = act(this.state, this.#next);
		[this.state, this.#next] = [this.#next, this.state];
		const turn = { timeMs, guidance, site, expiresMs, records };
		this.turns.push(turn);
		return turn;
	}

	see(observations: Observation[]): Turn {
		for (const o of observations) this.turn(o.timeMs, (state, next) => advance(state, o, next));
		return this.turns.at(-1)!;
	}

	get records(): ExamRecord[] {
		return this.turns.flatMap((turn) => turn.records);
	}

	get guidances(): Guidance[] {
		return this.turns.map((turn) => turn.guidance).filter((word, i, all) => word !== all[i - 1]);
	}
}
