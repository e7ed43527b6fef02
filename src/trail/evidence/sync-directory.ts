import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the name of a new file as durable as its content: without it a power loss can take the whole file. */
export function syncDirectoryOf(path: string): void {
  // Windows opens no directories, and has no need to.
  if (process.platform === 'win32') return;
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
