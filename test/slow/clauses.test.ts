import test from 'ava';
import { signRepository } from '../../src/update/publisher/sign.ts';
import { release, releasers } from '../update/publishing.ts';
import { start, World } from '../update/world.ts';
import { onlineRoles } from './clause.ts';
import { listClauses } from './listClauses.ts';
import { rootClauses } from './rootClauses.ts';
import { timestampClauses } from './timestampClauses.ts';

// The client's workflow clause by clause: section 5 of the specification of The Update Framework, 1.0.30. What stands in
// src/update is tuf-js's work in large part; this is what is asked of both together.

const rows = [...rootClauses, ...timestampClauses, ...listClauses];

for (const { clause, what, set, refused, see, undo } of rows)
	test.serial(
		`TUF ${clause}: ${what}: ${refused ? 'refused' : 'taken'}, and the next good update comes in`,
		async (t) => {
			const world = await World.make(t);
			world.publish('1.1.0');
			await set(world);
			if (refused)
				await t.throwsAsync(() => world.update(world.wanted), { code: refused.code, message: refused.words });
			else await world.update('1.0.0');
			await see?.(t, world);

			const now = world.clock > start ? world.clock : start;
			world.mend();
			world.clock = now;
			undo?.(world);
			// Whoever had the online keys may have signed a few versions more.
			for (let at = 0; at < 4; at++) signRepository(world.repository, releasers(world.keys), now, new Set(onlineRoles));
			release(world.repository, world.keys, '1.3.0', now);
			const { list } = await world.update('1.3.0');
			t.true(list.versions.targets >= 4);
		},
	);
