import { PhleboxError } from '../errors.ts';

/** Names of boxes: client id, common name of the certificate and level of the topics are one and the same. */
const pattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** @throws PhleboxError bad-usage */
export function checkedBoxId(id: string): string {
	if (pattern.test(id)) return id;
	throw new PhleboxError('bad-usage', `'${id}' is no name of a box: letters, digits, - and _, at most 64`);
}
