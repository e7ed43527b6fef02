import { type ReplaySpec } from '../wire/replay-spec.js';
import { invalidUrl } from './client.messages.js';

/** Where to connect to, and what its URL asks for beside. */
export interface Endpoint {
  readonly url: string;
  readonly replay?: ReplaySpec;
}

/**
 * @param url absolute, or relative to the page
 * @throws TypeError when it leads nowhere
 */
export function endpointOf(url: string | URL): Endpoint {
  const page = (globalThis as { location?: { href?: string } }).location?.href;
  const given = String(url);
  if (!URL.canParse(given, page)) throw new TypeError(invalidUrl(given));
  const parsed = new URL(given, page);
  if (!/^(?:http|ws)s?:$/.test(parsed.protocol)) throw new TypeError(invalidUrl(given));
  parsed.protocol = parsed.protocol.replace('http', 'ws');
  parsed.hash = '';
  const { searchParams } = parsed;
  // Asked for once: in the URL they would count again with every reconnect.
  const [after, last] = ['after', 'replay'].map((name) => {
    const value = searchParams.get(name);
    searchParams.delete(name);
    return value;
  });
  searchParams.set('v', '1');
  return { url: parsed.href, replay: after ? { after } : last ? { last: Number(last) } : undefined };
}
