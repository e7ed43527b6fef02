import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, ModuleRef, ModulesContainer } from '@nestjs/core';
import { attachHostModule } from '../call/audit-host.js';
import { withDefaults } from '../describe/audit-options.js';
import { AuditSink } from '../deliver/audit-sink.js';
import { AuditGuard } from './audit.guard.js';
import { auditHidden, closedNeedsTrail, overrideNotAudited } from '../audit.messages.js';
import { auditDefaultsOf, auditedMethodAt, auditedMethodOf, chainOf } from '../describe/audited-method.js';
import { readPath } from '../describe/read-path.js';
import { adoptStandIns, hiddenMethods, observe } from './stand-in.js';

/** Finds the audited methods of the app at its start, and prepares what their decorators could not. */
@Injectable()
export class AuditExplorer implements OnModuleInit {
  private readonly ambiguous: readonly (readonly [object, PropertyKey])[];
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
    const prototypes = this.prototypes();
    this.ambiguous = adoptStandIns(prototypes);
    for (const prototype of prototypes) observeHandlers(prototype);
  }

  /** @throws TypeError when a method is audited with `failure: 'closed'` and the sink is not durable */
  onModuleInit(): void {
    if (!this.sink.durable) for (const type of this.classes()) checkPolicies(type);
    for (const wrapper of this.wrappers()) {
      const isStatic = wrapper.isDependencyTreeStatic() && !wrapper.isTransient;
      if (isStatic) attachHostModule(wrapper.instance, this.moduleRef);
    }
    for (const prototype of this.prototypes()) this.warnOfOverrides(prototype);
    this.warnOfHidden();
  }

  /** Nest asks the instances of controllers for their handlers; everything else calls the method through its class. */
  private warnOfHidden(): void {
    const hidden = this.controllers().flatMap((instance) =>
      hiddenMethods(instance).map((key) => [instance, key] as const),
    );
    const found = [...this.ambiguous, ...hidden].map(([owner, key]) =>
      auditHidden(owner.constructor.name, String(key)),
    );
    for (const message of new Set(found)) this.logger.warn(message);
  }

  private warnOfOverrides(prototype: object): void {
    for (const name of ownMethodsOf(prototype)) {
      if (auditedMethodAt(prototype, name)) continue;
      const parent = chainOf(prototype).find((one) => one !== prototype && Object.hasOwn(one, name));
      if (!parent || !auditedMethodAt(parent, name)) continue;
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
      return typeof prototype === 'object' && prototype !== null ? chainOf(prototype) : [];
    });
    return new Set(prototypes);
  }

  private controllers(): readonly object[] {
    const wrappers = [...this.modules.values()].flatMap((module) => [...module.controllers.values()]);
    return wrappers
      .map(({ instance }) => instance as unknown)
      .filter((one) => typeof one === 'object' && one !== null);
  }

  private *wrappers() {
    for (const module of this.modules.values()) {
      yield* module.providers.values();
      yield* module.controllers.values();
    }
  }
}

/** A class's defaults count for the methods that it inherits, so each class is asked for all of its methods. */
function checkPolicies(type: Function): void {
  const prototype: unknown = type.prototype;
  if (typeof prototype !== 'object' || prototype === null) return;
  for (const name of chainOf(prototype).flatMap(ownMethodsOf)) {
    const audited = auditedMethodAt(prototype, name);
    const policy = audited && withDefaults(auditDefaultsOf(type), audited.options).failure;
    if (policy === 'closed') throw new TypeError(closedNeedsTrail(`${type.name}.${name}()`));
  }
}

function observeHandlers(prototype: object): void {
  for (const name of ownMethodsOf(prototype)) {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    if (typeof handler === 'function' && auditedMethodOf(handler)) observe(handler);
  }
}

function ownMethodsOf(prototype: object): readonly string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([name]) => name);
}
