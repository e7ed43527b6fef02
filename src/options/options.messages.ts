const subject = (option: string): string => `LogStreamModule option \`${option}\``;

export const unknownOption = (option: string, known: readonly string[]): string =>
  `${subject(option)} does not exist. Known options: ${known.join(', ')}.`;

export const mustBe = (option: string, expected: string, received: unknown): string =>
  `${subject(option)} must be ${expected}, but is ${print(received)}.`;

export const pathsCollide = (option: string, path: string, otherOption: string, otherPath: string): string =>
  `${subject(option)} is '${path}', where option \`${otherOption}\` ('${otherPath}') is served already. Give one of ` +
  'them another path.';

/** As {@link mustBe}, for what must not stand in a log: tells the length of a text, not the text. */
export const secretMustBe = (option: string, expected: string, received: unknown): string =>
  `${subject(option)} must be ${expected}, but is ${
    typeof received === 'string' ? `a text of ${received.length} characters` : print(received)
  }.`;

export const optionsMustBeObject = (received: unknown): string =>
  `LogStreamModule options must be an object, but are ${print(received)}. Call \`LogStreamModule.forRoot()\` ` +
  'without arguments for the defaults, and return an object from the factory of `forRootAsync`.';

export const badFilter = (problem: string): string => `LogStreamModule option ${problem}`;

export const alertNamedTwice = (option: string, name: string): string =>
  `${subject(option)} is '${name}', as another alert is called already. Give each a name of its own.`;

function print(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}

export const timeoutIsNoTime = (received: unknown): string =>
  `flushLogStreaming() needs \`timeoutMs\` in milliseconds, 0 or more; got ${String(received)}.`;

export const loadedTwice = (own: string, other: string): string =>
  `nestjs-log-stream is loaded twice, from ${own} and from ${other}. LogStreamModule is of the first, which does not see ` +
  'what `@Audit()` of the second is put on: that is not audited. See to it that both resolve to one (`npm ls nestjs-log-stream`).';
