import { Inject, Injectable, Logger, UseFilters, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, ModuleRef, ModulesContainer } from '@nestjs/core';
import { attachHostModule } from '../call/audit-host.js';
import { withDefaults } from '../describe/audit-options.js';
import { AuditSink } from '../deliver/audit-sink.js';
import { AuditGuard } from './audit.guard.js';
import { closedNeedsTrail, overrideNotAudited } from '../audit.messages.js';
import { AuditObserver } from './audit.observer.js';
import { auditDefaultsOf, auditedMethodOf } from '../describe/audited-method.js';
import { readPath } from '../describe/read-path.js';

const OBSERVED = Symbol('nestjs-log-stream:observed-handler');

/** Finds the audited methods of the app at its start, and prepares what their decorators could not. */
@Injectable()
export class AuditExplorer implements OnModuleInit {
  private readonly logger = new Logger('LogStreamModule');

  constructor(
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
    @Inject(ApplicationConfig) config: ApplicationConfig,
    @Inject(AuditGuard) guard: AuditGuard,
    @Inject(AuditSink) private readonly sink: AuditSink,
  ) {
    // Providers are constructed before Nest adds those of APP_GUARD: this is the one moment to be the first.
    config.addGlobalGuard(guard);
    for (const prototype of this.prototypes()) observeHandlers(prototype);
  }

  /** @throws TypeError when a method is audited with `failure: 'closed'` and the sink is not durable */
  onModuleInit(): void {
    if (!this.sink.durable) for (const type of this.classes()) checkPolicies(type);
    for (const wrapper of this.wrappers()) {
      const isStatic = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
      if (isStatic) attachHostModule(wrapper.instance, this.moduleRef);
    }
    for (const prototype of this.prototypes()) this.warnOfOverrides(prototype);
  }

  private warnOfOverrides(prototype: object): void {
    for (const name of ownMethodsOf(prototype)) {
      if (auditedMethodOf(Reflect.get(prototype, name))) continue;
      const parent = ancestorsOf(prototype).find((ancestor) => Object.hasOwn(ancestor, name));
      if (!parent || !auditedMethodOf(Reflect.get(parent, name))) continue;
      this.logger.warn(overrideNotAudited(prototype.constructor.name, name, parent.constructor.name));
    }
  }

  private classes(): ReadonlySet<Function> {
    const classes = [...this.wrappers()].flatMap(({ metatype, instance }) => [
      metatype,
      readPath(instance, 'constructor'),
    ]);
    return new Set(classes.filter((type) => typeof type === 'function'));
  }

  /** Of every class of the app and of their parents, each once. */
  private prototypes(): ReadonlySet<object> {
    const prototypes = [...this.wrappers()].flatMap(({ metatype }) => {
      const prototype: unknown = metatype?.prototype;
      return typeof prototype === 'object' && prototype !== null
        ? [prototype, ...ancestorsOf(prototype)]
        : [];
    });
    return new Set(prototypes);
  }

  private *wrappers() {
    for (const module of this.modules.values()) {
      yield* module.providers.values();
      yield* module.controllers.values();
    }
  }
}

/** Binds the observer behind all other filters of a handler: Nest asks the last one first. */
function observeHandlers(prototype: object): void {
  for (const name of ownMethodsOf(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    const handler: unknown = descriptor?.value;
    if (typeof handler !== 'function' || !auditedMethodOf(handler)) continue;
    if (Reflect.hasOwnMetadata(OBSERVED, handler)) continue;
    Reflect.defineMetadata(OBSERVED, true, handler);
    UseFilters(new AuditObserver())(prototype, name, descriptor as PropertyDescriptor);
  }
}

/** A class's defaults count for the methods that it inherits, so each class is asked for all of its methods. */
function checkPolicies(type: Function): void {
  const prototype: unknown = type.prototype;
  if (typeof prototype !== 'object' || prototype === null) return;
  const methods = [prototype, ...ancestorsOf(prototype)].flatMap(ownMethodsOf);
  for (const name of methods) {
    const audited = auditedMethodOf(Reflect.get(prototype, name));
    const policy = audited && withDefaults(auditDefaultsOf(type), audited.options).failure;
    if (policy === 'closed') throw new TypeError(closedNeedsTrail(`${type.name}.${name}()`));
  }
}

function ownMethodsOf(prototype: object): readonly string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([name]) => name);
}

function ancestorsOf(prototype: object): readonly object[] {
  const parent: unknown = Object.getPrototypeOf(prototype);
  if (typeof parent !== 'object' || parent === null || parent === Object.prototype) return [];
  return [parent, ...ancestorsOf(parent)];
}
