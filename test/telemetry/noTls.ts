/** Without files of TLS. */
export const noTls = { caFile: '', certFile: '', keyFile: '' };
