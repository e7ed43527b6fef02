import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { toActor, type AuditActor } from './actor.js';
import { AuditActorResolver, type AuditActorQuery } from './audit-actor-resolver.js';
import { type AuditOptions } from './audit-options.js';
import { resolverNotStatic } from '../audit.messages.js';
import { Extraction } from './extraction.js';
import { isThenable } from './read-path.js';
import { userOf } from './request.js';
import { actingAs } from './run-as.js';

type Source = () => unknown;
type MaybeActor = AuditActor | undefined;

/**
 * Finds out who makes a call. The first that knows, wins: the option of the decorator, `runAs()`, the app's
 * {@link AuditActorResolver}, the user that a guard put on the request, WebSocket client or message context. Never a
 * header: whoever can send one could be anybody.
 */
@Injectable()
export class AuditActors implements OnModuleInit {
  private resolver: AuditActorResolver | undefined;

  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  onModuleInit(): void {
    for (const module of this.modules.values()) {
      const provider = module.providers.get(AuditActorResolver);
      if (!provider) continue;
      if (!provider.isDependencyTreeStatic() || provider.isTransient)
        throw new TypeError(resolverNotStatic());
      this.resolver ??= provider.instance as AuditActorResolver;
    }
  }

  /** Never throws; a source that does is the {@link Extraction.problem}. */
  ask(query: AuditActorQuery, option: AuditOptions['actor']): Extraction<MaybeActor> {
    return new Extraction(() =>
      firstOf([
        () => (typeof option === 'function' ? Reflect.apply(option, undefined, [query]) : option),
        actingAs,
        () => this.resolver?.resolve(query),
        () => userOf(query.context),
      ]),
    );
  }
}

/** Asks one source after the other, without a promise as long as none of them answers with one. */
function firstOf([source, ...rest]: readonly Source[]): MaybeActor | PromiseLike<MaybeActor> {
  if (!source) return undefined;
  const answer = source();
  if (isThenable(answer)) return answer.then((actor) => toActor(actor) ?? firstOf(rest));
  return toActor(answer) ?? firstOf(rest);
}
