import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type IncomingMessage, type Server } from 'node:http';
import { currentStory, newStory, tell } from './current-story.js';
import { type FastifyHook, onFastifyRequest } from './fastify-hook.js';
import { Stories } from './stories.js';
import { type Story } from './story.js';

/**
 * Begins a story with every HTTP request, before any of the app's code: its middleware and guards belong to it.
 *
 * What a server emits is wrapped, and not a listener added: whoever listens for requests, now or later, does so inside.
 */
@Injectable()
export class HttpStories implements OnModuleInit, OnApplicationShutdown {
  private restore: (() => void) | undefined;

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Stories) private readonly stories: Stories,
  ) {
    // Fastify listens on a server more for every further address of `localhost`, which nobody can get hold of.
    if (stories.areTold) onFastifyRequest(host, beginOnFastify);
  }

  onModuleInit(): void {
    const server: unknown = this.host.httpAdapter?.getHttpServer?.();
    if (this.stories.areTold && isServer(server)) this.restore = wrapRequests(server);
  }

  onApplicationShutdown(): void {
    this.restore?.();
  }
}

const beginOnFastify: FastifyHook = ({ raw }, _, done) =>
  currentStory() ? done() : tell(storyOfRequest(raw), done);

function isServer(server: unknown): server is Server {
  return typeof Reflect.get(Object(server), 'emit') === 'function';
}

function wrapRequests(server: Server): () => void {
  const emit = server.emit as (this: Server, ...args: readonly unknown[]) => boolean;
  const wrapped = function (this: Server, ...args: readonly unknown[]): boolean {
    if (args[0] !== 'request') return Reflect.apply(emit, this, args);
    return tell(storyOfRequest(args[1] as IncomingMessage), () => Reflect.apply(emit, this, args));
  };
  const had = Object.hasOwn(server, 'emit');
  server.emit = wrapped as Server['emit'];
  return () => {
    // Somebody who has wrapped it as well keeps us: what we do is nothing for an app that has ended.
    if (server.emit !== (wrapped as unknown)) return;
    if (had) server.emit = emit as Server['emit'];
    else Reflect.deleteProperty(server, 'emit');
  };
}

function storyOfRequest(request: IncomingMessage): Story {
  return newStory(() => ({
    clientRequestId: request.headers['x-request-id'],
    traceparent: request.headers['traceparent'],
  }));
}
