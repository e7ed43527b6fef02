/**
 * The way from one path to another. A proxy may serve the app below a path of its own, which only relative URLs
 * survive.
 *
 * @param from absolute path of the page, as `/ops/monitor`
 * @param to absolute path, as `/ws/monitor`
 * @returns as `../ws/monitor`
 */
export function relativeUrl(from: string, to: string): string {
  const base = from.split('/').slice(1, -1);
  const target = to.split('/').slice(1);
  let shared = 0;
  while (shared < base.length && shared < target.length - 1 && base[shared] === target[shared]) shared += 1;
  // The dot keeps a first segment with a colon from being read as a scheme.
  const up = '../'.repeat(base.length - shared) || './';
  return `${up}${target.slice(shared).join('/')}`;
}
