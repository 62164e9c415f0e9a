import { createFrameMemory } from '../../capture/frameMemory.ts';
import { messageOf } from '../../errors.ts';
import { loadModelPackage } from '../package/modelPackage.ts';
import type { BuildReply, BuildRequest } from './engineBuilder.ts';

/** Builds the engine of a model package, proves it with the golden images and keeps it. Takes minutes. */
export function buildEngine({ folder, options }: BuildRequest): BuildReply {
	try {
		loadModelPackage(folder, createFrameMemory(0), options).model.close();
		return { failed: null };
	} catch (error) {
		return { failed: messageOf(error) };
	}
}
