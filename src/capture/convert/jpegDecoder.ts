import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PhleboxError } from '../../errors.ts';

/** One decoder of libjpeg-turbo, as the codec's JPEGDecoder.hpp has it. Throws a number for a picture it cannot read. */
interface Codec {
	/** Room in the codec's memory for the compressed picture. */
	getEncodedBuffer(byteLength: number): Uint8Array;
	readHeader(): unknown;
	decode(): unknown;
	/** Packed RGB, or one byte a pixel for a grey picture. */
	getDecodedBuffer(): Uint8Array;
	getFrameInfo(): { width: number; height: number; componentCount: number };
}

interface CodecModule {
	instantiateWasm?: (
		imports: ConstructorParameters<typeof WebAssembly.Instance>[1],
		receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
	) => unknown;
	print(): void;
	printErr(): void;
	JPEGDecoder?: new () => Codec;
}

const codecName = '@cornerstonejs/codec-libjpeg-turbo-8bit';

/**
 * Each picture that it gives up leaves something behind on the codec's stack; measured, it breaks after about 4000. A
 * new one costs a few milliseconds.
 */
const damagedBeforeRenewal = 50;

/** The compiled codec; once a thread, and only where JPEG comes. */
let compiled: { module: WebAssembly.Module; create: (module: CodecModule) => unknown } | undefined;

/** @throws PhleboxError file-not-found for an incomplete installation */
function load(): NonNullable<typeof compiled> {
	if (compiled) return compiled;
	const require = createRequire(import.meta.url);
	try {
		const module = new WebAssembly.Module(readFileSync(require.resolve(`${codecName}/decodewasm`)));
		compiled = { module, create: require(`${codecName}/decodewasmjs`) as (module: CodecModule) => unknown };
		return compiled;
	} catch (cause) {
		throw new PhleboxError('file-not-found', `${codecName} cannot be loaded; run "npm ci" again`, { cause });
	}
}

/** The package hands its module out by a promise; instantiated synchronously, it is whole when the call returns. */
function createCodec(): Codec {
	const { module, create } = load();
	const made: CodecModule = {
		instantiateWasm(imports, receive) {
			const instance = new WebAssembly.Instance(module, imports);
			receive(instance, module);
			return instance.exports;
		},
		print: () => undefined,
		printErr: () => undefined,
	};
	create(made);
	if (!made.JPEGDecoder) throw new PhleboxError('file-not-found', `${codecName} is another version than expected`);
	return new made.JPEGDecoder();
}

/**
 * Decodes JPEG pictures with libjpeg-turbo, compiled to WebAssembly, which has a memory of its own. Synchronous. Motion
 * JPEG without Huffman tables, as USB cameras send it, is read too.
 */
export class JpegDecoder {
	/** Of the picture decoded last. */
	width = 0;
	height = 0;
	/** 3 for packed RGB, 1 for grey. */
	components = 0;
	#codec = createCodec();
	#damaged = 0;

	/**
	 * @param fits whether there is room for a picture of that size: asked before it is decoded
	 * @returns pixels, valid until the next call; undefined for what is no whole picture
	 */
	decode(picture: Uint8Array, fits: (width: number, height: number) => boolean): Uint8Array | undefined {
		try {
			this.#codec.getEncodedBuffer(picture.length).set(picture);
			this.#codec.readHeader();
			const { width, height, componentCount } = this.#codec.getFrameInfo();
			this.width = width;
			this.height = height;
			this.components = componentCount;
			if (!fits(width, height) || (componentCount !== 3 && componentCount !== 1)) return undefined;
			this.#codec.decode();
			return this.#codec.getDecodedBuffer();
		} catch (error) {
			// Numbers are its own exceptions; what else it throws (a trap of its memory) ends this one as well.
			if (typeof error !== 'number' || ++this.#damaged >= damagedBeforeRenewal) {
				this.#codec = createCodec();
				this.#damaged = 0;
			}
			return undefined;
		}
	}
}
