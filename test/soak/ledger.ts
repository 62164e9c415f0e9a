/** Keeps account of the stored messages that a consumer hears: which are missing, which came twice, which contradict. */
export class Ledger {
	/** Id of each number of the box's store. */
	readonly #ids = new Map<number, string>();
	readonly #seqs = new Map<string, number>();
	/** Examinations with a result of a site, and those with the result of the whole. */
	readonly #sites = new Set<string>();
	readonly #whole = new Map<string, string>();
	readonly outcomes: Record<string, number> = {};
	/** Messages that came again and were known by their id. */
	again = 0;
	readonly faults: string[] = [];

	get heard(): number {
		return this.#ids.size;
	}

	get examinations(): number {
		return this.#whole.size;
	}

	/** @param topic behind the box's own part, such as `result/site` */
	hear(topic: string, payload: Record<string, unknown> | null): void {
		const { id, seq } = (payload ?? {}) as { id?: string; seq?: number };
		// What is stored has both; health messages count for themselves.
		if (typeof id !== 'string' || typeof seq !== 'number' || topic === 'health') return;
		if (this.#seqs.has(id)) {
			this.again++;
			if (this.#seqs.get(id) !== seq) this.faults.push(`message ${id} came as number ${this.#seqs.get(id)} and ${seq}`);
			return;
		}
		if (this.#ids.has(seq)) this.faults.push(`number ${seq} is two messages: ${this.#ids.get(seq)} and ${id}`);
		this.#seqs.set(id, seq);
		this.#ids.set(seq, id);
		const examination = (payload!.examination as { id?: string } | undefined)?.id;
		if (!topic.startsWith('result') || examination === undefined) return;
		if (topic === 'result/site') this.#site(examination, payload!);
		else this.#examination(examination, id, payload!);
	}

	#site(examination: string, payload: Record<string, unknown>): void {
		this.#sites.add(examination);
		const { outcome, openAt, closedAt, capturedAt, closedForMs, closedImages } = payload as Record<string, string>;
		const whole = openAt && closedAt && capturedAt && openAt <= closedAt && closedAt <= capturedAt;
		if (outcome === 'captured' && !(whole && Number(closedForMs) >= 200 && Number(closedImages) >= 1))
			this.faults.push(`a captured site of ${examination} has no whole evidence`);
	}

	#examination(examination: string, id: string, { outcome }: Record<string, unknown>): void {
		if (this.#whole.has(examination))
			this.faults.push(`examination ${examination} ended twice, the second time with ${id}`);
		this.#whole.set(examination, id);
		this.outcomes[String(outcome)] = (this.outcomes[String(outcome)] ?? 0) + 1;
	}

	/** What is missing once everything has come. @param pending messages that the box still has in its store */
	missing(pending: number): string[] {
		const most = Math.max(0, ...this.#ids.keys());
		const gaps = most - this.#ids.size;
		const ended = [...this.#sites].filter((examination) => !this.#whole.has(examination));
		return [
			...(pending > 0 ? [`${pending} messages are still in the store`] : []),
			...(gaps > 0 ? [`${gaps} of ${most} numbers are missing`] : []),
			...(ended.length > 0 ? [`${ended.length} examinations with a captured site never ended`] : []),
		];
	}
}
