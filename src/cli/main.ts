#!/usr/bin/env node
import { guardOutputs } from './outputs.ts';
import { runProgram } from './program.ts';

guardOutputs();
const code = await runProgram(process.argv.slice(2));
// 0 where a command has set another code itself.
if (code !== 0) process.exitCode = code;
