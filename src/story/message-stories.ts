import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Observable } from 'rxjs';
import { currentStory, newStory, tell } from './current-story.js';
import { interceptFirst } from './first-interceptor.js';
import { Stories } from './stories.js';

const IN_STORY = Symbol('nestjs-log-stream:handler-in-story');

/**
 * What Nest's decorators write on handlers of messages: `@SubscribeMessage()`, `@MessagePattern()` and `@EventPattern()`,
 * and those of GraphQL, whose subscriptions come without a request. Their packages do not export these names.
 */
const HANDLER_KEYS = ['websockets:message_mapping', 'microservices:pattern', 'graphql:resolver_type'];

/** Begins a story with a message, unless it came inside of one, as a query of GraphQL comes inside of its request. */
class StoryInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (currentStory()) return next.handle();
    const story = newStory();
    // Nest binds the handler to where `handle()` is called, but not a stream that it returns.
    const handled = tell(story, () => next.handle());
    return new Observable((subscriber) => tell(story, () => handled.subscribe(subscriber)));
  }
}

/**
 * Begins a story with every message of a WebSocket or microservice. What the guards of a message log lies outside: the first
 * that can be wrapped around a handler, in every kind of app, is an interceptor of its method.
 */
@Injectable()
export class MessageStories {
  constructor(@Inject(ModulesContainer) modules: ModulesContainer, @Inject(Stories) stories: Stories) {
    if (!stories.areTold) return;
    for (const module of modules.values()) {
      for (const { metatype } of [...module.controllers.values(), ...module.providers.values()]) {
        for (const method of methodsOf(metatype)) begin(method);
      }
    }
  }
}

function begin(method: Function): void {
  if (Reflect.hasOwnMetadata(IN_STORY, method)) return;
  if (!HANDLER_KEYS.some((key) => Reflect.hasMetadata(key, method))) return;
  Reflect.defineMetadata(IN_STORY, true, method);
  interceptFirst(method, new StoryInterceptor());
}

function methodsOf(type: Function | null | undefined): readonly Function[] {
  const found: Function[] = [];
  let prototype: unknown = type?.prototype;
  while (typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype) {
    for (const { value } of Object.values(
      Object.getOwnPropertyDescriptors(prototype),
    ) as PropertyDescriptor[]) {
      if (typeof value === 'function') found.push(value as Function);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return found;
}
