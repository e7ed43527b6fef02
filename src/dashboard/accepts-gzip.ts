import { type IncomingMessage } from 'node:http';

/** Whether a client takes gzip (RFC 9110, 12.5.3): named or by `*`, and not with a weight of zero. */
export function acceptsGzip({ headers }: IncomingMessage): boolean {
  const weights = new Map<string, number>();
  for (const coding of headers['accept-encoding']?.split(',') ?? []) {
    const [name = '', ...parameters] = coding.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0;
}
