import { once } from 'node:events';
import { request as http } from 'node:http';
import { connect, constants } from 'node:http2';
import { request as https } from 'node:https';
import { type Readable } from 'node:stream';

/** Which HTTP a client speaks. */
export type HttpVersion = 1 | 2;

/** One request and what has come of it, over any HTTP. */
export interface Exchange {
  /** Status of the answer, when its head has come. */
  readonly status: Promise<number>;
  /** Resolves when a first piece of the body has come. */
  readonly begun: Promise<void>;
  /** The whole body; rejects when it breaks off. */
  readonly body: Promise<string>;
  /** The client loses interest in this one request. */
  cancel(): void;
}

export interface ExchangeOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request, trusting whatever certificate there is. */
export function exchange(version: HttpVersion, url: string, options: ExchangeOptions = {}): Exchange {
  return version === 1 ? overHttp1(url, options) : overHttp2(url, options);
}

function overHttp1(url: string, options: ExchangeOptions): Exchange {
  const send = url.startsWith('https:') ? https : http;
  const request = send(url, { ...options, agent: false, rejectUnauthorized: false });
  const answered = once(request, 'response') as Promise<[Readable & { statusCode: number }]>;
  request.end();
  const response = answered.then(([found]) => found);
  return {
    status: quiet(response.then(({ statusCode }) => statusCode)),
    ...reading(response),
    cancel: () => request.destroy(),
  };
}

function overHttp2(url: string, { method = 'GET', headers = {} }: ExchangeOptions): Exchange {
  const { origin, pathname, search } = new URL(url);
  const session = connect(origin, { rejectUnauthorized: false });
  session.on('error', () => undefined);
  const stream = session.request({ ...headers, ':method': method, ':path': pathname + search });
  const answered = once(stream, 'response') as Promise<[{ ':status': number }]>;
  stream.end();
  stream.on('close', () => session.close());
  return {
    status: quiet(answered.then(([head]) => head[':status'])),
    ...reading(Promise.resolve(stream)),
    cancel: () => stream.close(constants.NGHTTP2_CANCEL),
  };
}

function reading(stream: Promise<Readable>): Pick<Exchange, 'begun' | 'body'> {
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const read = async (): Promise<string> => {
    let text = '';
    for await (const chunk of await stream) {
      text += String(chunk);
      begin();
    }
    return text;
  };
  return { begun, body: quiet(read()) };
}

/** Whoever does not ask for it need not handle its rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
