import { type ReplaySpec } from '../subscription/replay.js';
import { invalidUrl } from './client.messages.js';

/** Where to connect to, and what its URL asks for beside. */
export interface Endpoint {
  readonly url: string;
  readonly replay?: ReplaySpec;
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  'ws:': 'ws:',
  'wss:': 'wss:',
  'http:': 'ws:',
  'https:': 'wss:',
};

/**
 * @param url absolute, or relative to the page
 * @throws TypeError when it leads nowhere
 */
export function endpointOf(url: string | URL): Endpoint {
  const base = (globalThis as { location?: { href?: string } }).location?.href;
  const given = String(url);
  if (!URL.canParse(given, base)) throw new TypeError(invalidUrl(given));
  const parsed = new URL(given, base);
  const protocol = PROTOCOLS[parsed.protocol];
  if (!protocol) throw new TypeError(invalidUrl(given));
  parsed.protocol = protocol;
  parsed.hash = '';
  // Asked for once: in the URL they would count again with every reconnect.
  const after = parsed.searchParams.get('after');
  const last = parsed.searchParams.get('replay');
  parsed.searchParams.delete('after');
  parsed.searchParams.delete('replay');
  parsed.searchParams.set('v', '1');
  if (after !== null) return { url: parsed.href, replay: { after } };
  return last === null ? { url: parsed.href } : { url: parsed.href, replay: { last: Number(last) } };
}
