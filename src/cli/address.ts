import { InvalidArgumentError } from 'commander';
import { badUrl } from './cli.messages.js';

/** Where the stream is unless the app says otherwise. */
export const DEFAULT_MONITOR_PATH = '/ws/monitor';

/**
 * Reads where to connect to, with as little as `localhost:3000`.
 *
 * @returns with `http(s):` unless it was given with `ws(s):`
 * @throws InvalidArgumentError when it leads nowhere
 */
export function addressOf(text: string): string {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(given)) throw new InvalidArgumentError(badUrl(text));
  const url = new URL(given);
  if (!/^(?:ws|http)s?:$/.test(url.protocol)) throw new InvalidArgumentError(badUrl(text));
  if (url.pathname === '/') url.pathname = DEFAULT_MONITOR_PATH;
  return url.href;
}

/** Without what may be secret in it: for what is shown. */
export function shownAddress(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
