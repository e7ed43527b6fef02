import { type LoggerService } from '@nestjs/common';
import { NEST_LOG_LEVELS, type NestLogLevel } from '../record/log-call.js';
import { type Entrance } from './stack.js';

/** One call of a logger, as it passes. */
export interface PassingCall {
  readonly level: NestLogLevel;
  readonly args: readonly unknown[];
  /** The function of this package that was called, at which the stack of the caller ends. */
  readonly entrance: Entrance;
  /** Nest's method in front of it, where no earlier call of that can be on the stack. */
  readonly facade: Entrance | undefined;
  /** The context that the logger behind gives to lines without one. */
  readonly context: string | undefined;
}

/** Takes one call of a logger. @param entrance the function that was called, at which the stack of the caller ends */
export type Pass = (level: NestLogLevel, args: readonly unknown[], entrance: Entrance) => unknown;

/**
 * A logger whose six level methods are `pass`. Everything else of it is the target's: its other methods, its fields,
 * and what `instanceof` says.
 */
export function teeOf(target: LoggerService | undefined, pass: Pass): LoggerService {
  const methods: PropertyDescriptorMap = {};
  for (const level of NEST_LOG_LEVELS) {
    const value = (...args: unknown[]): unknown => pass(level, args, value);
    methods[level] = { value, writable: true, configurable: true, enumerable: true };
  }
  return Object.create(target ? restOf(target) : null, methods) as LoggerService;
}

/** Stands for the target behind the tee. Methods have the target as `this`: they may use private fields of it. */
function restOf(target: LoggerService): object {
  // Not a proxy of the target itself: one of a frozen object could not bind its methods.
  return new Proxy(
    {},
    {
      get: (_, key) => {
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' && key !== 'constructor' ? value.bind(target) : value;
      },
      set: (_, key, value) => Reflect.set(target, key, value, target),
      has: (_, key) => Reflect.has(target, key),
      getPrototypeOf: () => Object.getPrototypeOf(target) as object | null,
    },
  );
}
