/** The value, or null when it fails or is not there after `ms`: a part that hangs never holds up the others. */
export async function withinDeadline<Value>(value: Promise<Value>, ms: number): Promise<Value | null> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<null>((resolve) => {
		timer = setTimeout(resolve, ms, null);
	});
	try {
		return await Promise.race([value.catch(() => null), late]);
	} finally {
		clearTimeout(timer);
	}
}
