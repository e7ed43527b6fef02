/** An address in a text. */
export interface Link {
  readonly start: number;
  readonly end: number;
  readonly href: string;
}

/**
 * An address of the web, in ASCII alone: what looks like another letter, or cannot be seen, is no part of one. Quotes
 * and brackets of the text around it neither.
 */
const ADDRESS = /\bhttps?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/g;

/** Ends sentences, not addresses. */
const TRAILING = /[.,;:!?'*]+$/;

/** Longer ones are nobody's link. */
const LONGEST = 2_048;

/** Addresses that a click may lead to: `http:` and `https:`, no other scheme, and without a name and password. */
export function linksIn(text: string): Link[] {
  if (!text.includes('://')) return [];
  return [...text.matchAll(ADDRESS)].flatMap((match) => {
    const address = closed(match[0].replace(TRAILING, ''));
    if (address.length > LONGEST || !URL.canParse(address)) return [];
    const { protocol, username, password, href } = new URL(address);
    const isWeb = protocol === 'https:' || protocol === 'http:';
    if (!isWeb || username !== '' || password !== '') return [];
    return [{ start: match.index, end: match.index + address.length, href }];
  });
}

const BRACKETS = [
  ['(', ')'],
  ['[', ']'],
] as const;

/** A bracket that closes what was opened before the address is not a part of it. */
function closed(address: string): string {
  for (const [open, close] of BRACKETS) {
    const count = (bracket: string): number => address.split(bracket).length;
    if (address.endsWith(close) && count(close) > count(open)) return closed(address.slice(0, -1));
  }
  return address;
}
