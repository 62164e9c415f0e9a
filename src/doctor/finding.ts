/** What one check of `phlebox doctor` found. `todo` says what to do, and is there unless all is well. */
export interface Finding {
	check: string;
	/** `fail`: the box cannot do its work; `warn`: it can, but not as well as it could. */
	state: 'ok' | 'warn' | 'fail';
	says: string;
	todo?: string;
}

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says });
export const warn = (check: string, says: string, todo: string): Finding => ({ check, state: 'warn', says, todo });
export const fail = (check: string, says: string, todo: string): Finding => ({ check, state: 'fail', says, todo });
