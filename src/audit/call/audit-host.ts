import { Inject } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { readPath } from '../describe/read-path.js';
import { AuditCalls } from './audit-calls.js';

const HOST_MODULE = Symbol('nestjs-log-stream:host-module');

/**
 * Makes the instances of a class find the `AuditCalls` of the app that they belong to: two apps in one process share
 * their classes. Nest injects a property into every instance, of any scope; it asks for `ModuleRef`, which every
 * module has, so that classes with audited methods can also be constructed where `LogStreamModule` is missing.
 *
 * The property is an accessor on the prototype, and what it is set to is kept aside: instances stay as they are.
 *
 * @param constructed told of each instance when its constructor has run, before Nest asks for its handlers
 */
export function injectHostModule(prototype: object, constructed: (instance: object) => void): void {
  if (HOST_MODULE in prototype) return;
  const modules = new WeakMap<object, ModuleRef>();
  let given: ModuleRef | undefined;
  Object.defineProperty(prototype, HOST_MODULE, {
    configurable: true,
    get(this: object) {
      if (given) modules.set(this, given);
      return modules.get(this);
    },
    set(this: object, moduleRef: ModuleRef) {
      modules.set(this, moduleRef);
      // A Proxy that a constructor returned asks its target in turn, which is what its methods are called on.
      given = moduleRef;
      readPath(this, HOST_MODULE);
      given = undefined;
      constructed(this);
    },
  });
  Inject(ModuleRef)(prototype, HOST_MODULE);
}

/** For instances that Nest was given instead of constructing them. */
export function attachHostModule(instance: unknown, moduleRef: ModuleRef): void {
  if (typeof instance !== 'object' || instance === null || !(HOST_MODULE in instance)) return;
  instance[HOST_MODULE] ??= moduleRef;
}

/** `undefined` for an instance that no app has, and in an app without `LogStreamModule`. */
export function callsOf(instance: unknown): AuditCalls | undefined {
  if (typeof instance !== 'object' || instance === null || !(HOST_MODULE in instance)) return undefined;
  return instance[HOST_MODULE] instanceof ModuleRef ? findCalls(instance[HOST_MODULE]) : undefined;
}

/** Finds what opens the calls of an app from any of its modules, whether or not `LogStreamModule` is global. */
export function findCalls(moduleRef: ModuleRef): AuditCalls | undefined {
  try {
    return moduleRef.get(AuditCalls, { strict: false });
  } catch {
    return undefined;
  }
}
