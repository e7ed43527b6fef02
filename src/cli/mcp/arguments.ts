import { argumentMustBe, unknownArgument } from './mcp.messages.js';

/** An argument that an assistant got wrong; its text tells the assistant. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

type Arguments = Readonly<Record<string, unknown>>;

/** @throws ArgumentError for an argument that the tool does not have: it would be left out unseen */
export function refuseUnknownArguments(args: Arguments, known: readonly string[]): void {
  const unknown = Object.keys(args).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ArgumentError(unknownArgument(unknown, known));
}

/** @throws ArgumentError unless it is a whole number within its bounds, or absent */
export function integerArgument(
  args: Arguments,
  name: string,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  const value = args[name] ?? otherwise;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw new ArgumentError(argumentMustBe(name, `a whole number from ${least} to ${most}`));
}

/** @throws ArgumentError unless it is a text that is not empty, or absent */
export function textArgument(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new ArgumentError(argumentMustBe(name, 'a text'));
}
