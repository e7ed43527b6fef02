export const notPlain = (path: string, found: string): string =>
  `An audit payload must be plain JSON, but ${path} is ${found}. ` +
  'Make it a string, number, boolean, null, array or plain object first.';

export const frontierDoesNotFit = (size: number, expected: number, found: number): string =>
  `The frontier of a Merkle tree of ${size} leaves has ${expected} hashes of 32 bytes each, not ${found}. ` +
  'Take the size and the frontier from the same state.';
