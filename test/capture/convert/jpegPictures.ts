/** Small JPEG pictures, made with ffmpeg 5.1 (`-huffman default` for the coloured ones). */
/** 64x32, all #e04020. */
export const redJpeg: Uint8Array = Buffer.from(
	'/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgH' +
		'BwcGBgcHCAgICAkJCQgICAgJCQoKCgwMCwsODg4RERT/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgsBAAMBAQEBAQEB' +
		'AQEAAAAAAAABAgMEBQYHCAkKCxAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkK' +
		'FhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip' +
		'qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6EQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEG' +
		'EkFRB2FxEyIygQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGiYnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1' +
		'dnd4eXqCg4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4' +
		'+fr/wAARCAAgAEADASIAAhIAAxIA/9oADAMBAAIRAxEAPwDLooor5QD9TAKKKKAAAooooAACiiigAAKKKKAAAooooAACiiigAAKK' +
		'KKAAD//Z',
	'base64',
);

/** 48x40, all #2040e0. */
export const blueJpeg: Uint8Array = Buffer.from(
	'/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgH' +
		'BwcGBgcHCAgICAkJCQgICAgJCQoKCgwMCwsODg4RERT/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgsBAAMBAQEBAQEB' +
		'AQEAAAAAAAABAgMEBQYHCAkKCxAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkK' +
		'FhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip' +
		'qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6EQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEG' +
		'EkFRB2FxEyIygQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGiYnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1' +
		'dnd4eXqCg4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4' +
		'+fr/wAARCAAoADADASIAAhEAAxEA/9oADAMBAAIRAxEAPwDh6KKK/VTwwooooAKKKKACiiigAooooAKKKKACiiigAooooAKKKKAP' +
		'/9k=',
	'base64',
);

/** 64x32, one byte a pixel, black on the left to white on the right. */
export const greyJpeg: Uint8Array = Buffer.from(
	'/9j/4AAQSkZJRgABAgAAAQABAAD//gAQTGF2YzU5LjM3LjEwMAD/2wBDAAgEBAQEBAUFBQUFBQYGBgYGBgYGBgYGBgYHBwcICAgH' +
		'BwcGBgcHCAgICAkJCQgICAgJCQoKCgwMCwsODg4RERT/xABPAAEBAQEAAAAAAAAAAAAAAAAABgcIAQEAAAAAAAAAAAAAAAAAAAAA' +
		'EAEBAQAAAAAAAAAAAAAAAAAABUERAQAAAAAAAAAAAAAAAAAAAAD/wAARCAAgAEADARIAAhIAAxIA/9oADAMBAAIRAxEAPwDDZuE3' +
		'ABQzMJmACgm4TcAFBNwm4AKGbhNwAUE3CbgAoJmEzABQzcJuADhybhNwAUMzCZgAoJuE3ABQTcJuAChm4TcAFBNwm4AKCZhMwAUM' +
		'3CbgA//Z',
	'base64',
);

/** The same picture without its Huffman tables, as USB cameras send it. */
export function withoutTables(jpeg: Uint8Array): Uint8Array {
	const picture = Buffer.from(jpeg);
	const kept = [picture.subarray(0, 2)];
	for (let at = 2; ; ) {
		const marker = picture[at + 1]!;
		const end = at + 2 + picture.readUInt16BE(at + 2);
		if (marker === 0xda) return Buffer.concat([...kept, picture.subarray(at)]);
		if (marker !== 0xc4) kept.push(picture.subarray(at, end));
		at = end;
	}
}
