import { type LoggerService } from '@nestjs/common';
import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Calls a logger from every kind of place. The message of a call names its line, see {@link lineOf}. */
export class CallSites {
  static logger: LoggerService;
  readonly property = (): void => this.logger.log('property');

  constructor(readonly logger: LoggerService) {
    this.logger.log('constructor');
  }

  static staticMethod(): void {
    this.logger.log('static');
  }

  get total(): number {
    this.logger.log('getter');
    return 1;
  }

  set total(_value: number) {
    this.logger.log('setter');
  }

  method(): void {
    this.logger.log('method');
  }

  everyLevel(): void {
    this.logger.error('error');
    this.logger.warn('warn');
    this.logger.debug?.('debug');
    this.logger.verbose?.('verbose');
    this.logger.fatal?.('fatal');
  }

  async asynchronous(): Promise<void> {
    this.logger.log('before await');
    await Promise.resolve();
    this.logger.log('after await');
  }

  arrow(): void {
    const inArrow = (): void => this.logger.log('arrow');
    inArrow();
  }

  callback(): void {
    [1].forEach(() => this.logger.log('callback'));
  }

  thenCallback(): Promise<void> {
    return Promise.resolve().then(() => this.logger.log('then'));
  }

  invoked(): Promise<void> {
    return (async () => this.logger.log('invoked'))();
  }

  /** Called by Node under a name of its own: `_onTimeout`, `_onImmediate`, `callback`. */
  timers(): Promise<unknown> {
    return Promise.all([
      new Promise<void>((done) => setTimeout(() => done(this.logger.log('timeout')))),
      new Promise<void>((done) => {
        const timer = setInterval(() => done(clearInterval(timer) ?? this.logger.log('interval')), 1);
      }),
      new Promise<void>((done) => setImmediate(() => done(this.logger.log('immediate')))),
      new Promise<void>((done) => process.nextTick(() => done(this.logger.log('tick')))),
      new Promise<void>((done) => lookup('127.0.0.1', () => done(this.logger.log('lookup')))),
      new Promise<void>((done) => {
        setTimeout(function named(this: unknown) {
          done(CallSites.logger.log('named timeout'));
        });
      }),
    ]);
  }

  slots(): void {
    const slots: Record<string, () => void> = {};
    for (const name of ['first slot', 'second slot']) slots[name] = () => this.logger.log('slot');
    slots['first slot']!();
  }

  *generator(): Generator<number> {
    this.logger.log('generator');
    yield 1;
  }

  #hidden(): void {
    this.logger.log('private');
  }

  callHidden(): void {
    this.#hidden();
  }

  // prettier-ignore
  twiceOnOneLine(): void {
    this.logger.log('left'); this.logger.log('right');
  }

  /** The same place, many times. */
  repeatedly(times: number): void {
    for (let index = 0; index < times; index++) {
      this.logger.log('repeated');
    }
  }
}

export function plainFunction(logger: LoggerService): void {
  logger.log('function');
}

export async function asyncFunction(logger: LoggerService): Promise<void> {
  await Promise.resolve();
  logger.log('async function');
}

/** The line of this file that logs this message. */
export function lineOf(message: string): number {
  const lines = readFileSync(fileURLToPath(import.meta.url), 'utf8').split('\n');
  const found = lines.flatMap((line, index) => (line.includes(`('${message}')`) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`${found.length} lines log '${message}'`);
  return found[0]!;
}
