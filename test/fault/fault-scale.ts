/** `FAULT_SCALE=long` takes minutes and writes docs/reliability.md; the short form is for every CI run. */
export const LONG = process.env['FAULT_SCALE'] === 'long';

export function scaled<T>({ short, long }: { readonly short: T; readonly long: T }): T {
  return LONG ? long : short;
}
