import { Command } from 'commander';
import { proveEveryGraph } from '../../inference/package/modelPackage.ts';
import { sealPackage } from '../../inference/package/seal.ts';
import { modelFolder } from '../../vision/protocol.ts';
import { fetchCommand } from './modelFetch.ts';
import { publisherCommands } from './modelRepository.ts';
import { statusCommand } from './modelStatus.ts';

export function modelCommand(): Command {
	const model = new Command('model').description('Looks at model packages, makes, signs and publishes them');
	model
		.command('inspect')
		.description('checks a package whole (hashes, graphs, golden images) and says what it is')
		.argument('[folder]', 'model package', 'shipped')
		.option('--json', 'print the manifest as JSON')
		.action((folder: string, options: { json?: boolean }) => {
			const manifest = proveEveryGraph(modelFolder(folder));
			if (options.json) console.log(JSON.stringify(manifest, null, 2));
			else
				console.log(
					[
						`${manifest.name} ${manifest.version} (${manifest.licence}), ${manifest.input.width}x${manifest.input.height}`,
						`for: ${manifest.intendedUse}`,
						...manifest.limitations.map((limit) => `limit: ${limit}`),
						...manifest.trainedOn.map((set) => `trained on: ${set}`),
						`landmarks: ${manifest.outputs.landmark.labels.join(', ')}; examination: ${manifest.protocol.join(', ')}`,
						`thresholds: ${Object.entries(manifest.thresholds)
							.map(([name, value]) => `${name} ${value}`)
							.join(', ')}`,
						`sha256 of the network: ${manifest.sha256.model}`,
						...(manifest.variants ?? []).map(
							({ model, providers, tolerance }, at) =>
								`variant for ${providers.join(', ')}: ${model}, within ${tolerance}, sha256 ${manifest.sha256.variants![at]!.model}`,
						),
						`golden images: ${manifest.golden.intervalsMs.length}, all within ${manifest.golden.tolerance}`,
					].join('\n'),
				);
		});
	model
		.command('seal')
		.description('makes a package of what a trainer wrote: golden answers and hashes')
		.argument(
			'<folder>',
			'folder with model.onnx, the variants that the manifest names, manifest.json and golden images',
		)
		.action((folder: string) => {
			const manifest = sealPackage(folder);
			console.log(`${folder}: ${manifest.name} ${manifest.version} sealed, network ${manifest.sha256.model}`);
		});
	model.addCommand(fetchCommand());
	model.addCommand(statusCommand());
	for (const command of publisherCommands()) model.addCommand(command);
	return model;
}
