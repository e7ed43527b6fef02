import { type RecordItem } from '../../../client/index.js';
import { type RecordLink } from '../model/record-link.js';
import { linesOf } from './lines-of.js';
import { itemReader } from './ndjson-items.js';

/** How long the server has to come to it, in milliseconds. */
const DEADLINE_MS = 15_000;

/**
 * Asks the stream over HTTP for what comes from the place of a record on, and looks whether it is that. Who may not see
 * it is not given it.
 */
export async function firstRecord(
  url: string,
  { epoch, seq }: RecordLink,
  token: string | undefined,
  request: typeof fetch = (...args) => fetch(...args),
): Promise<RecordItem | undefined> {
  // Its place is that of the cursor behind the record before it.
  const query = new URLSearchParams({ after: `${epoch}-${seq.toString(36)}` });
  const asking = new AbortController();
  const late = setTimeout(() => asking.abort(), DEADLINE_MS);
  try {
    const response = await request(`${url}?${String(query)}`, {
      cache: 'no-store',
      headers: {
        accept: 'application/x-ndjson',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: asking.signal,
    });
    if (!response.ok || !response.body) return undefined;
    const itemsOf = itemReader();
    for await (const line of linesOf(response.body)) {
      const [item] = itemsOf(line).items;
      if (item?.type === 'lost') return undefined;
      if (item && item.type !== 'gap') return item.epoch === epoch && item.seq === seq ? item : undefined;
      if (line.includes('"caught_up"')) return undefined;
    }
    return undefined;
  } finally {
    clearTimeout(late);
    asking.abort();
  }
}
