#!/usr/bin/env node
import { runProgram } from './program.js';

const { stdout, stderr, env } = process;
const interrupted = new AbortController();

// Once: who is in more of a hurry presses it again, and gets what every program does.
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

// Who reads the news no more is no reason to end.
stderr.on('error', () => {});

process.exitCode = await runProgram(process.argv.slice(2), {
  stdout,
  stderr,
  env,
  signal: interrupted.signal,
});
