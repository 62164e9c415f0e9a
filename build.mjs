// Builds dist/: TypeScript by tsc, the kernels by AssemblyScript, the page's files copied. A step whose outputs are
// newer than its inputs is left out, so that a second `npm start` starts at once. With --tests also build/: sources and tests
// as JavaScript for ava, which then starts each test file in half the time that it takes to compile as it loads.
import { execFileSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);

function newest(path) {
	if (!existsSync(path)) return Number.NaN;
	const stat = statSync(path);
	if (!stat.isDirectory()) return stat.mtimeMs;
	return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function step(name, stamp, inputs, act, out = 'dist') {
	const stampFile = join(root, out, `.${stamp}`);
	const done = existsSync(stampFile) ? statSync(stampFile).mtimeMs : 0;
	if (inputs.map((input) => newest(join(root, input))).every((time) => time < done)) return;
	try {
		act();
	} catch (error) {
		console.error(`build: ${name} failed${error.status === undefined ? `: ${error.message}` : ''}`);
		process.exit(1);
	}
	writeFileSync(stampFile, '');
}

const run = (file, args) => execFileSync(file, args, { cwd: root, stdio: 'inherit' });

for (const folder of ['inference', 'kernels']) mkdirSync(join(root, 'dist', folder), { recursive: true });
step('TypeScript', 'tsc', ['src', 'tsconfig.json', 'package-lock.json', 'build.mjs'], () => {
	for (const folder of readdirSync(join(root, 'dist'), { withFileTypes: true }))
		if (folder.isDirectory() && folder.name !== 'inference' && folder.name !== 'kernels')
			rmSync(join(root, 'dist', folder.name), { recursive: true });
	run(bin('tsc'), ['-p', 'tsconfig.json']);
	chmodSync(join(root, 'dist/cli/main.js'), 0o755);
});
function kernel(name, source, out) {
	step(name, name.replaceAll(' ', '-'), [source, 'src/lanes.as.ts', 'build.mjs'], () =>
		run(bin('asc'), [
			...[source, '-o', out],
			...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'],
			// Vectors that JavaScript could not take: what lanes.as.ts exports goes to other kernels.
			...['--disableWarning', '112'],
		]),
	);
}
kernel('pixel kernel', 'src/inference/pixels.as.ts', 'dist/inference/pixels.wasm');
kernel('RGB kernel', 'src/capture/convert/rgb.as.ts', 'dist/kernels/rgb.wasm');
kernel('feature kernel', 'src/screen/features.as.ts', 'dist/kernels/features.wasm');
step('page', 'page', ['src/web/page', 'build.mjs', 'dist/.tsc'], () =>
	cpSync(join(root, 'src/web/page'), join(root, 'dist/web/page'), { recursive: true }),
);
step(
	'Python',
	'python',
	['src/evaluation/against/opencv.py', 'src/evaluation/against/onnx_parts.py', 'build.mjs', 'dist/.tsc'],
	() => {
		for (const name of ['opencv.py', 'onnx_parts.py'])
			cpSync(join(root, 'src/evaluation/against', name), join(root, 'dist/evaluation/against', name));
	},
);
if (process.argv[2] === '--tests') {
	mkdirSync(join(root, 'build'), { recursive: true });
	const inputs = [
		'src',
		'test',
		'models/training',
		'tsconfig.json',
		'tsconfig.test.json',
		'package-lock.json',
		'build.mjs',
	];
	step('tests', 'tests', inputs, compileTests, 'build');
}

/** Types are what `npm run types` is for. */
function compileTests() {
	run(bin('tsc'), ['-p', 'tsconfig.test.json', '--noEmit', 'false', '--noCheck', '--outDir', 'build']);
	const page = join(root, 'build/src/web/page');
	if (!existsSync(page)) symlinkSync('../../../src/web/page', page);
	dropOrphans('.');
}

/** What was compiled from a file that is gone must not be found by those who still import it. */
function dropOrphans(folder) {
	for (const entry of readdirSync(join(root, 'build', folder), { withFileTypes: true })) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) dropOrphans(path);
		else if (path.endsWith('.js') && !existsSync(join(root, path.replace(/\.js$/, '.ts'))))
			rmSync(join(root, 'build', path));
	}
}
// npm links no bin of the project itself; with this, `npx phlebox` works in a checkout.
if (!existsSync(bin('phlebox'))) symlinkSync('../../dist/cli/main.js', bin('phlebox'));
