/**
 * Compiles what somebody types to pick loggers or actions: names separated by commas, in any case. `*` stands for
 * anything; a name without one may stand anywhere, because who types `inst` means `InstancesService`. One with a
 * minus in front must not match.
 *
 * @returns `undefined` for nothing to check
 */
export function textPattern(typed: string): ((text: string) => boolean) | undefined {
  const parts = typed
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '' && part !== '-');
  if (parts.length === 0) return undefined;
  const wanted = parts.filter((part) => !part.startsWith('-')).map(matcher);
  const unwanted = parts.filter((part) => part.startsWith('-')).map((part) => matcher(part.slice(1)));
  return (text) => {
    const name = text.toLowerCase();
    return (
      (wanted.length === 0 || wanted.some((matches) => matches(name))) &&
      !unwanted.some((matches) => matches(name))
    );
  };
}

function matcher(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name.includes(pattern);
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  // By hand, not as a regular expression: `*a*a*a*b` would take for ever.
  return (name) => {
    if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
      return false;
    let from = first.length;
    for (const part of rest) {
      const found = name.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return from <= name.length - last.length;
  };
}
