import { readFileSync } from 'node:fs';
import { VerifyingKey } from '../../trail/evidence/verifying-key.js';
import { refusal } from './audit-error.js';
import { badKey, NO_KEYS } from './audit.messages.js';

/**
 * The keys that an auditor trusts, each given as text or as a file of them, one in a line.
 *
 * @throws CliError that names what is none
 */
export function trustedKeys(given: readonly string[]): VerifyingKey[] {
  return given.flatMap((text) => {
    try {
      return [VerifyingKey.parse(text)];
    } catch (error) {
      // Only a key has a plus before base64; of what looks like one, say what is wrong with it.
      const lines = linesOf(text);
      if (!lines) throw refusal(badKey(text, (error as Error).message));
      if (lines.length === 0) throw refusal(badKey(text, NO_KEYS));
      return lines.map((line) => parse(text, line));
    }
  });
}

function parse(file: string, line: string): VerifyingKey {
  try {
    return VerifyingKey.parse(line);
  } catch (error) {
    throw refusal(badKey(file, (error as Error).message));
  }
}

/** Without what is empty or a comment; `undefined` when there is no such file. */
function linesOf(path: string): string[] | undefined {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch {
    return undefined;
  }
}
