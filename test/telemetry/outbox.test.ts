import { join } from 'node:path';
import test from 'ava';
import { LevelOutbox } from '../../src/telemetry/outbox/levelOutbox.ts';
import { MemoryOutbox } from '../../src/telemetry/outbox/memoryOutbox.ts';
import { PatientOutbox } from '../../src/telemetry/outbox/patientOutbox.ts';
import { outboxContract } from './outbox.contract.ts';
import { temporaryFolder } from './temporaryFolder.ts';

outboxContract('in memory', test, () => new MemoryOutbox());
outboxContract('on disk', test, (t) => {
	const folder = join(temporaryFolder(t), 'outbox');
	return new LevelOutbox({ folder, quotaBytes: 1e7, reserveBytes: 0 });
});
outboxContract('patient', test, () => new PatientOutbox(new MemoryOutbox(), { memoryMessages: 100, retryMs: 5 }));
