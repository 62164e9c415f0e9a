import { statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { fetchModel } from '../../src/update/box/fetchModel.ts';
import { originAt } from '../../src/update/box/origin.ts';
import { publishModel } from '../../src/update/publisher/publish.ts';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { onnxFile } from '../inference/onnxFile.ts';
import { makeTinyPackage, tinyGraph, tinyManifest } from '../inference/tinyPackage.ts';
import { releasers } from '../update/publishing.ts';
import { start, World } from '../update/world.ts';

const mebibyte = 2 ** 20;

/** A graph of 20 MB: the tiny one with a long description, which is a field like any other. */
function bigGraph(): Uint8Array {
	const text = Buffer.alloc(20_000_000, 'no word of this is ever read; ');
	const length = [0x80 | (text.length & 127), 0x80 | ((text.length >> 7) & 127), 0x80 | ((text.length >> 14) & 127)];
	// ModelProto.doc_string: field 6, of some length.
	return Buffer.concat([onnxFile(tinyGraph()), Buffer.from([0x32, ...length, text.length >> 21]), text]);
}

test('20 MB over a link that is cut every MiB: hardly a byte comes twice', async (t) => {
	const world = await World.make(t);
	const folder = makeTinyPackage({ graph: bigGraph(), manifest: { ...tinyManifest(), version: '2.0.0' } });
	publishModel(world.repository, folder, start);
	signRepository(world.repository, releasers(world.keys), start);
	const origin = originAt(world.url);
	const list = await world.trusted.refresh(origin, start);
	world.server.sent = 0;
	world.server.cutAfter = mebibyte;
	const fetched = await fetchModel(origin, list, world.store, { name: 'tiny', version: '2.0.0' }, world.download);
	const { size } = statSync(join(fetched.folder, 'model.onnx'));
	// The golden images are those of the version before: the box has them.
	const wanted = ['model.onnx', 'manifest.json'].reduce(
		(sum, name) => sum + statSync(join(fetched.folder, name)).size,
		0,
	);
	const again = (world.server.sent - wanted) / wanted;
	t.log(
		`${size} bytes of network, ${Math.ceil(size / mebibyte)} connections at the least; sent again: ${(100 * again).toFixed(2)} %`,
	);
	t.true(size > 20_000_000);
	t.true(again < 0.05);
	t.true(world.server.sent >= size);
});
