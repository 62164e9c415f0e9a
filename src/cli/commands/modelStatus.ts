import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { readManifest } from '../../inference/package/packageFile.ts';
import { installedModel } from '../../update/drive/installed.ts';
import { Trail, type TrailEntry } from '../../update/drive/trail.ts';
import { updateFolder } from '../../update/drive/updateFolder.ts';
import type { Journal, Model } from '../../update/install/journal.ts';
import { JournalFile } from '../../update/install/journalFile.ts';
import { modelFolder } from '../../vision/protocol.ts';
import { numberOption } from '../numberOption.ts';

interface Options {
	config?: string;
	json?: boolean;
	last: number;
}

/** What a technician asks a box: which model, why this one, what was tried. */
export function statusCommand(): Command {
	return new Command('status')
		.description('says which model this box starts with, what is being tried, and what became of others')
		.option('--config <file>', 'configuration of the box; default: the defaults and the environment')
		.option('--last <n>', 'so many lines of the trail', numberOption(0, 1e6), 10)
		.option('--json', 'print it as JSON, with the whole trail')
		.action(({ config: file, json, last }: Options) => {
			const config = loadConfig(file ?? null);
			const paths = updateFolder(config.store.folder);
			const journalFile = new JournalFile(paths.journal);
			journalFile.open();
			const { journal } = journalFile;
			const trail = new Trail(paths.trail).read();
			const installed = config.update.source === '' ? null : installedModel(config.store.folder);
			const folder = installed ?? modelFolder(config.inference.model);
			const { name, version } = readManifest(folder);
			if (json) console.log(JSON.stringify({ starts: { name, version, folder }, journal, trail }, null, 2));
			else {
				const why = installed ? 'installed in the field' : `inference.model: ${config.inference.model}`;
				console.log(`starts with      ${name} ${version} (${why})\n                 ${folder}`);
				console.log(statusLines(journal, config.update.source, existsSync(paths.journal)).join('\n'));
				for (const entry of last > 0 ? trail.slice(-last) : []) console.log(trailLine(entry));
			}
		});
}

const words = (model: Model | null) =>
	model ? `${model.name} ${model.version}, ${model.sha256.slice(0, 12)}` : 'none';

function statusLines(journal: Journal, source: string, began: boolean): string[] {
	const { candidate, previous, quarantined } = journal;
	const tried = candidate
		? `${words(candidate)}: ${candidate.stage}${candidate.job === undefined ? '' : `, job ${candidate.job}`}`
		: 'none';
	return [
		`repository       ${source || 'none (update.source)'}`,
		`being tried      ${tried}`,
		`before it        ${words(previous)}`,
		`in quarantine    ${quarantined.length}${quarantined.length > 0 ? `: ${quarantined.map((hash) => hash.slice(0, 12)).join(', ')}` : ''}`,
		...(began ? [] : ['nothing was ever installed on this box']),
	];
}

function trailLine({ at, name, version, step, reason, figures }: TrailEntry): string {
	return [`${at}  ${name} ${version}  ${step}`, reason, figures ? JSON.stringify(figures) : '']
		.filter((part) => part !== '')
		.join('  ');
}
