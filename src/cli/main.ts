#!/usr/bin/env node
import { failure } from './cli.messages.js';
import { EXIT_CODES } from './exit-code.js';
import { runProgram } from './program.js';
import { isReaderGone } from './reader-gone.js';

const { stdin, stdout, stderr, env } = process;
const interrupted = new AbortController();

// Once: who is in more of a hurry presses it again, and gets what every program does.
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

// What no command writes, as help, has nobody else to find out that it cannot be written.
stdout.on('error', (error: Error) => {
  if (isReaderGone(error) || stdout.listenerCount('error') > 1) return;
  process.exitCode = EXIT_CODES.failed;
  stderr.write(`${failure(error.message)}\n`);
});

// Who reads the news no more is no reason to end.
stderr.on('error', () => {});

const exitCode = await runProgram(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  signal: interrupted.signal,
});
process.exitCode ||= exitCode;
