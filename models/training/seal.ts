// Completes a package folder that export.py wrote: golden outputs, hashes. node --import tsx models/training/seal.ts FOLDER
import { sealPackage } from '../../src/inference/package/seal.ts';

const folder = process.argv[2];
if (folder === undefined) {
	console.error('usage: seal.ts FOLDER');
	process.exit(2);
}
const manifest = sealPackage(folder);
console.log(`${folder}: ${manifest.name} ${manifest.version} sealed`);
