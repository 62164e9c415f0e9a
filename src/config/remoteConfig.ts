import { lay, type Tree } from './load.ts';
import { problemsOf } from './problems.ts';
import { type Config, configSchema } from './schema.ts';

/**
 * What may be set over MQTT. Not what could cut the box off (broker, credentials, store), what would make it show another
 * world than the one before it (source, recordings, simulator), what names files to be written (LEDs), and what lets
 * pictures out (snapshots) or strangers in (web).
 */
export const remoteKeys = [
	'box.label',
	'capture.v4l2',
	'screen',
	'exam',
	'indicator.expiryMs',
	'indicator.dimPercent',
	'vision',
	'inference.threads',
	'mqtt.healthSeconds',
	'mqtt.publishSeconds',
	'store.overdueHours',
	'update.model',
	'log.level',
] as const;

/** What the running box takes over without a restart of its parts. */
const liveKeys: readonly string[] = ['box.label', 'mqtt.healthSeconds', 'update.model', 'log.level'];

export type RemoteResult = { config: Config } | { problems: string[] };

/** The configuration of the box with what was asked for over MQTT laid over it; or all that is wrong, a line each. */
export function layRemote(base: Tree, remote: Tree): RemoteResult {
	const tree = structuredClone(base);
	const problems: string[] = [];
	for (const { path, value } of leavesOf(remote)) {
		if (isRemote(path)) lay(tree, path, value);
		else problems.push(`${path.join('.')}: cannot be set over MQTT; set it on the box`);
	}
	const parsed = configSchema.safeParse(tree);
	if (!parsed.success) problems.push(...problemsOf(parsed.error, tree));
	return problems.length > 0 || !parsed.success ? { problems } : { config: parsed.data };
}

/** Whether the parts of the box have to be restarted to get from one configuration to the other. */
export function needsRestart(from: Config, to: Config): boolean {
	const before = new Map(leavesOf(from as unknown as Tree).map(({ path, value }) => [path.join('.'), value]));
	return leavesOf(to as unknown as Tree).some(({ path, value }) => {
		const key = path.join('.');
		return !liveKeys.includes(key) && JSON.stringify(before.get(key)) !== JSON.stringify(value);
	});
}

function isRemote(path: readonly string[]): boolean {
	const key = path.join('.');
	// `screen.__proto__.x` would set something on every object there is.
	if (path.some((name) => name in Object.prototype)) return false;
	return remoteKeys.some((allowed) => key === allowed || key.startsWith(`${allowed}.`));
}

/** Lists and empty objects are values. */
function leavesOf(tree: Tree, path: readonly string[] = []): { path: string[]; value: unknown }[] {
	return Object.entries(tree).flatMap(([key, value]) => {
		const at = [...path, key];
		const inner = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
		return inner ? leavesOf(value as Tree, at) : [{ path: at, value }];
	});
}
