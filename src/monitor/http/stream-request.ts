import { type IncomingMessage } from 'node:http';
import { ClientError } from '../../wire/client-error.js';
import { parseReplay } from '../protocol/client-message.js';
import { type ConnectionRequest, parseConnection } from '../protocol/connection-request.js';

const FORMATS = ['sse', 'ndjson'] as const;

/** How a stream over HTTP is written. */
export type StreamFormatName = (typeof FORMATS)[number];

/** What a request for the stream asks for. */
export interface StreamRequest extends ConnectionRequest {
  readonly format: StreamFormatName;
}

/**
 * Reads the URL, `Accept` and `Last-Event-ID`.
 *
 * @throws ClientError that names the parameter or header
 */
export function parseStreamRequest({ url = '', headers }: IncomingMessage): StreamRequest {
  const connection = parseConnection(url);
  const resume = headers['last-event-id'];
  return {
    ...connection,
    // An EventSource that reconnects asks for the same URL: what it has read counts, not where it once began.
    ...(resume ? { replay: parseReplay({ after: String(resume) }, 'Last-Event-ID') } : {}),
    format: formatOf(url, headers.accept),
  };
}

function formatOf(url: string, accept: string | undefined): StreamFormatName {
  const wanted = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '').get('format');
  if (wanted === null) return acceptsOnlyNdjson(accept ?? '') ? 'ndjson' : 'sse';
  const format = FORMATS.find((name) => name === wanted);
  if (format) return format;
  throw new ClientError('invalid_format', `format must be one of ${FORMATS.join(', ')}.`, 'format');
}

/** What a browser or curl accepts without having been told is left at Server-Sent Events. */
function acceptsOnlyNdjson(accept: string): boolean {
  const types = new Set(accept.split(',').map((type) => type.split(';', 1)[0]!.trim().toLowerCase()));
  return types.has('application/x-ndjson') && !types.has('text/event-stream');
}
