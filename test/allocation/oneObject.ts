import { playRounds } from './rounds.ts';

// A turn that makes one object, which nobody keeps.
const answer = (value: number): { value: number } => ({ value });
export let sum = 0;
await playRounds(20_000, (turns) => {
	for (let i = 0; i < turns; i++) sum += answer(i).value;
});
