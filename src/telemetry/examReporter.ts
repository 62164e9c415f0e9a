import { monotonicFactory } from 'ulid';
import type { ExamRecord } from '../exam/record.ts';
import type { StatusBoard } from '../vision/statusBoard.ts';
import { LatencyWindow } from './latency.ts';
import { type ExamContext, type ExamMessage, examMessage } from './messages/examMessages.ts';

/** Makes messages of records: gives each examination its ULID and measures the latency from its start on. */
export class ExamReporter {
	readonly #board: () => StatusBoard | null;
	readonly #latency = new LatencyWindow();
	/** ULIDs of the examinations that are not over. */
	readonly #examinations = new Map<number, string>();
	/** ULIDs that grow also within one millisecond. */
	readonly nextId = monotonicFactory();

	constructor(board: () => StatusBoard | null) {
		this.#board = board;
	}

	message(record: ExamRecord, context: Pick<ExamContext, 'input' | 'model' | 'software'>): ExamMessage {
		if (record.kind === 'examination-started') this.#latency.begin(this.#board());
		const examinationId = this.#examinations.get(record.examination) ?? this.nextId();
		this.#examinations.set(record.examination, examinationId);
		if (record.kind === 'examination') this.#examinations.delete(record.examination);
		const latency = this.#latency.figures(this.#board());
		return examMessage(record, { ...context, examinationId, latency, nextId: this.nextId });
	}
}
