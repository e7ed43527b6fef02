const GROUPS_OF_NETWORK = 4;

/**
 * What counts as one address: an IPv4 address, also as IPv6 writes it, or a /64 network of IPv6. One customer has
 * at least such a network and could come from each of its 2^64 addresses.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const plain = address.toLowerCase().replace(/%.*$/, '');
  if (plain.includes('.')) return plain.replace(/^::ffff:/, '');
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups
    .slice(0, GROUPS_OF_NETWORK)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
