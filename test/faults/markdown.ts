import { lightTable } from '../../src/indicator/lightTable.ts';
import { type Fault, lightMs, workAgainMs } from './fault.ts';

const lightOf = ({ light }: Fault): string => (light === 'dark' ? 'dark' : `${light} (${lightTable[light].colour})`);
const saysOf = ({ signal, scene, says }: Fault): string => (says === '' ? '' : `\`${scene ?? signal}\``);
const backOf = ({ mends }: Fault): string => (mends ? 'by itself' : 'not meant to');

const doctorOf = ({ doctor }: Fault): string => (doctor === '' ? '' : 'says it');

/** docs/faults.md */
export function faultsMarkdown(faults: readonly Fault[]): string {
	const rows = faults.map(
		(fault) =>
			`| \`${fault.id}\` | ${fault.fault} | ${fault.cause} | ${saysOf(fault)} | ${lightOf(fault)} | ${backOf(fault)} | ${doctorOf(fault)} | ${fault.runs} |`,
	);
	return `# Faults

<!-- Generated from test/faults/table.ts by "npm run generate". -->

What can go wrong around the box, and what it does then. Each row is run as a test: in the lab between real kernel drivers
(\`test/lab/all faults scenes\`: the whole box, a real broker, LEDs seen from the hardware's side), the others in \`npm test\`.

In every row: the light says nothing that is not so within ${lightMs} ms, no frame of noise is judged, the process is not
restarted (but where it is killed), state and cause stand in the event \`input-changed\` on MQTT and in the log once the state
has settled for 300 ms, and work goes on by itself within ${workAgainMs / 1000} s of the fault's end. A dual picture in a configured scan area is judged as one picture for its first
second. The lab's machine is emulated and five to
ten times slower than a board: there the tests allow the times that \`test/lab/faults.lab.ts\` names, and print what they
measured. Where a fault can stand while \`phlebox doctor\` looks, the doctor has a line for it (\`test/doctor/faults.test.ts\`).

| id | what happens | how the test causes it | signal or scene | light | back to work | \`phlebox doctor\` | run in |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
