import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Health } from '../messages/health.ts';

type Board = NonNullable<Health['board']>;

/**
 * Temperatures, clocks, power rails and power mode from sysfs, where the board has them: thermal zones and devfreq as in
 * Linux's Documentation/ABI/testing/sysfs-class-{thermal,devfreq}, INA3221 by hwmon (Documentation/hwmon/ina3221.rst), the
 * GPU's load and nvpmodel's mode as NVIDIA's L4T 36 has them. *Not run on a board*: read from fixture trees only.
 * @param root folder in which `/` is looked for
 */
export async function boardFigures(root = ''): Promise<Board> {
	const [temperatures, clocks, rails, gpuLoad, powerMode] = await Promise.all([
		thermalZones(root),
		frequencies(root),
		powerRails(root),
		load(root),
		mode(root),
	]);
	return { temperatures, clocks, rails, gpuLoad, powerMode };
}

async function thermalZones(root: string): Promise<Board['temperatures']> {
	const folders = await folder(`${root}/sys/class/thermal`, /^thermal_zone\d+$/);
	const zones = folders.map(async (zone) => {
		const celsius = (await number(join(zone, 'temp'))) / 1000;
		return { zone: await text(join(zone, 'type')), celsius };
	});
	// A zone whose sensor is switched off cannot be read.
	return (await Promise.all(zones)).filter(({ zone, celsius }) => zone !== '' && Number.isFinite(celsius));
}

async function frequencies(root: string): Promise<Board['clocks']> {
	const folders = await folder(`${root}/sys/class/devfreq`, /./);
	const clocks = folders.map(async (device) => {
		const name = device.slice(device.lastIndexOf('/') + 1);
		return { device: wordOf(name), hertz: await number(join(device, 'cur_freq')) };
	});
	return (await Promise.all(clocks)).filter(({ hertz }) => Number.isFinite(hertz));
}

function wordOf(name: string): string {
	if (/gpu|ga10b|gv11b/.test(name)) return 'gpu';
	return /emc/.test(name) ? 'emc' : name;
}

async function powerRails(root: string): Promise<Board['rails']> {
	const rails: Board['rails'] = [];
	for (const device of await folder(`${root}/sys/class/hwmon`, /^hwmon\d+$/)) {
		if ((await text(join(device, 'name'))) !== 'ina3221') continue;
		for (const channel of [1, 2, 3]) {
			const rail = await text(join(device, `in${channel}_label`));
			const watts =
				((await number(join(device, `in${channel}_input`))) * (await number(join(device, `curr${channel}_input`)))) /
				1e6;
			if (rail !== '' && Number.isFinite(watts)) rails.push({ rail, watts: Math.round(watts * 1000) / 1000 });
		}
	}
	return rails;
}

/** Permille in the file. */
async function load(root: string): Promise<number | null> {
	for (const file of ['/sys/devices/platform/gpu.0/load', '/sys/devices/platform/bus@0/17000000.gpu/load']) {
		const permille = await number(`${root}${file}`);
		if (Number.isFinite(permille)) return Math.min(1, permille / 1000);
	}
	return null;
}

/** `pmode:0002` in the file. */
async function mode(root: string): Promise<string | null> {
	return /pmode:(\d+)/.exec(await text(`${root}/var/lib/nvpmodel/status`))?.[1]?.replace(/^0+(?=\d)/, '') ?? null;
}

async function folder(path: string, name: RegExp): Promise<string[]> {
	const names = await readdir(path).catch((): string[] => []);
	return names
		.filter((one) => name.test(one))
		.sort()
		.map((one) => join(path, one));
}

async function text(file: string): Promise<string> {
	return (await readFile(file, 'utf8').catch(() => '')).trim();
}

async function number(file: string): Promise<number> {
	const read = await text(file);
	return read === '' ? Number.NaN : Number(read);
}
