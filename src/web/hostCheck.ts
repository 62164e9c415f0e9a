import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * Whether a request names a host that this box cannot have: a page elsewhere that had its own name resolved to the box's
 * address (DNS rebinding) would otherwise read the scan area. Such a page always comes with a name, so an address is
 * let in, and of names only the box's own.
 * @param host the request's Host header
 * @param bound the address the server listens on
 * @param own the box's name; the first label of a longer one counts too, such as `box3` of `box3.ward.example`
 */
export function foreignHost(host: string | undefined, bound: string, own: string = hostname()): boolean {
	if (host === undefined) return true;
	const name = host
		.replace(/:\d+$/, '')
		.replace(/^\[(.*)\]$/, '$1')
		.toLowerCase();
	if (isLoopback(name)) return false;
	if (isLoopback(bound)) return true;
	return isIP(name) === 0 && name.split('.')[0] !== own.toLowerCase().split('.')[0];
}

function isLoopback(name: string): boolean {
	return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
