#!/usr/bin/env node
import { startMarks } from '../startMarks.ts';
import { guardOutputs } from './outputs.ts';
import { runProgram } from './program.ts';

startMarks.over('program');
guardOutputs();
const code = await runProgram(process.argv.slice(2));
// 0 where a command has set another code itself.
if (code !== 0) process.exitCode = code;
