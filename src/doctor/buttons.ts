import { actionsOf } from '../buttons/buttons.ts';
import { InputDevice } from '../buttons/inputDevice.ts';
import { keyName } from '../buttons/keyNames.ts';
import type { Config } from '../config/schema.ts';
import { messageOf } from '../errors.ts';
import { type Finding, fail, ok } from './finding.ts';

const check = 'buttons';

/** Opens each device and asks it for its keys. None configured is nothing to speak of: the page has buttons too. */
export function checkButtons({ buttons }: Config): Finding[] {
	return buttons.devices.map((config) => {
		const device = new InputDevice(config.device);
		try {
			device.open(config.grab);
			const actions = [...actionsOf(config)];
			const missing = actions
				.filter(([code]) => !device.has(code))
				.map(([code, action]) => `${keyName(code)} (${action})`);
			if (missing.length > 0)
				return fail(
					check,
					`${config.device} (${device.name}) has no key ${missing.join(', ')}`,
					`press the button while \`sudo evtest ${config.device}\` runs, and put the name it prints into buttons.devices`,
				);
			const keys = actions.map(([code, action]) => `${action} ${keyName(code)}`).join(', ');
			return ok(check, `${config.device} (${device.name}): ${keys}`);
		} catch (error) {
			const [says, todo] = messageOf(error).split('; ', 2);
			return fail(check, says!, todo ?? 'check buttons.devices');
		} finally {
			device.close();
		}
	});
}
