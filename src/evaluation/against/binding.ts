import { InferenceSession, Tensor } from 'onnxruntime-node';
import { calibrate } from '../../inference/calibration.ts';
import type { Spec } from './spec.ts';

/** The network by the JavaScript interface of onnxruntime-node, as its documentation shows it. */
export class Binding {
	readonly #spec: Spec;
	readonly #session: InferenceSession;
	#state: Record<string, Tensor> = {};
	/** Probabilities of the last image. */
	landmark = new Float32Array(0);
	vein = new Float32Array(0);
	image = new Float32Array(0);

	private constructor(spec: Spec, session: InferenceSession) {
		this.#spec = spec;
		this.#session = session;
		this.reset();
	}

	/** One thread, as for all contenders. */
	static async open(spec: Spec): Promise<Binding> {
		const options = { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'all' } as const;
		return new Binding(spec, await InferenceSession.create(spec.model, options));
	}

	reset(): void {
		for (const { input, shape } of this.#spec.state)
			this.#state[input] = new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
	}

	/** @param image of the network's size, values 0..1 */
	async run(image: Float32Array<ArrayBuffer>, intervalMs: number): Promise<void> {
		const { input, interval, state, outputs } = this.#spec;
		const feeds: Record<string, Tensor> = {
			...this.#state,
			[input.name]: new Tensor('float32', image, [1, 1, input.height, input.width]),
		};
		if (interval) feeds[interval] = new Tensor('float32', [intervalMs / 1000], [1, 1]);
		const result = await this.#session.run(feeds);
		for (const { input, output } of state) this.#state[input] = result[output]!;
		this.image = image;
		this.landmark = probabilities(result[outputs.landmark.name]!, outputs.landmark);
		this.vein = probabilities(result[outputs.vein.name]!, outputs.vein);
	}

	answer(): number[] {
		return [...this.landmark, ...this.vein];
	}
}

function probabilities({ data }: Tensor, calibration: Spec['outputs']['vein']): Float32Array<ArrayBuffer> {
	const values = data as Float32Array;
	const out = new Float32Array(values.length);
	calibrate(values, calibration, out);
	return out;
}
