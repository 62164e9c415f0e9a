import { playRounds } from './rounds.ts';

// A turn that stores one fraction where the engine expected none.
const shown: { value: unknown } = { value: '' };
await playRounds(20_000, (turns) => {
	for (let i = 0; i < turns; i++) shown.value = i + 0.25;
});
