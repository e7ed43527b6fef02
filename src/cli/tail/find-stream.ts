import { DEFAULT_MONITOR_PATH } from '../address.js';

/** Where the page says that its stream is: see `dashboard/render-page.ts`. */
const STREAM_URL = /<meta name="log-stream-monitor-url" content="([^"<>]{1,1000})"/;

/** Where the dashboard is unless the app says otherwise. */
const DEFAULT_PAGE = /\/monitor\/?$/;

/** Milliseconds for a page to come. */
const PATIENCE = 5_000;

/** @internal */
export interface Asker {
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Finds the stream by what people have at hand: the address of the dashboard, as it stands in the browser. The page
 * itself says where its stream is, since both paths can be chosen; what is no such page is taken for the stream.
 *
 * @param address with `http(s):` where it may be a page, with `ws(s):` where it is a stream
 * @returns with `ws(s):`
 */
export async function findStream(address: string, asker: Asker): Promise<string> {
  const url = new URL(address);
  if (url.protocol.startsWith('ws')) return address;
  const found = url.pathname.endsWith(DEFAULT_MONITOR_PATH) ? url : ((await streamOfPage(url, asker)) ?? url);
  found.protocol = found.protocol.replace('http', 'ws');
  return found.href;
}

async function streamOfPage(page: URL, { token, signal }: Asker): Promise<URL | undefined> {
  const { username, password } = page;
  const bare = new URL(page);
  bare.username = bare.password = '';
  const pair = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const authorization = token ? `Bearer ${token}` : username ? `Basic ${pair.toString('base64')}` : undefined;
  try {
    const response = await fetch(bare, {
      // Who may not watch gets the page too, so that it can ask who they are: the stream will refuse them.
      headers: { Accept: 'text/html', ...(authorization ? { Authorization: authorization } : {}) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    });
    const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
    const [, link] = (isPage ? STREAM_URL.exec(await response.text()) : undefined) ?? [];
    if (!isPage) await response.body?.cancel();
    if (link === undefined) return undefined;
    const stream = new URL(link, response.url);
    // A token is for the server that was named.
    if (stream.host !== page.host) return undefined;
    return Object.assign(stream, { username, password });
  } catch {
    // Nobody answers yet: where it will be when somebody does.
    return DEFAULT_PAGE.test(page.pathname)
      ? Object.assign(new URL(page), {
          pathname: page.pathname.replace(DEFAULT_PAGE, DEFAULT_MONITOR_PATH),
          search: '',
          hash: '',
        })
      : undefined;
  }
}
