import { type HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage } from 'node:http';

/** A hook of Fastify's, as far as it is used here. */
export type FastifyHook = (
  request: { readonly raw: IncomingMessage },
  reply: unknown,
  done: () => void,
) => void;

/** Adds a hook for every request, before Nest adds its middleware to them; nothing where the app is not on Fastify. */
export function onFastifyRequest(host: HttpAdapterHost, hook: FastifyHook): void {
  // A testing module is constructed before it has an adapter.
  if (host.httpAdapter) add(host.httpAdapter, hook);
  else host.init$.subscribe(() => add(host.httpAdapter, hook));
}

function add(adapter: HttpAdapterHost['httpAdapter'], hook: FastifyHook): void {
  const instance: unknown = adapter.getInstance();
  const addHook: unknown = Reflect.get(Object(instance), 'addHook');
  if (typeof addHook === 'function') Reflect.apply(addHook, instance, ['onRequest', hook]);
}
