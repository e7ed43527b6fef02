import { type AuditedCall, type AuditOptions, type AuditTarget } from './audit-options.js';
import { Extraction } from './extraction.js';
import { isThenable, readPath } from './read-path.js';
import { platformObjectsOf } from './request.js';
import { isAlive, snapshot, type SnapshotOptions } from './snapshot.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What the options of a decorator say about one call, asked for when the method ended: a copy, so that what the
 * application does with its objects afterwards does not show.
 */
export class AuditDraft {
  readonly metadata: Extraction<Fields>;
  readonly targets: Extraction<readonly AuditTarget[]>;
  readonly included: Extraction<Fields>;
  readonly isSkipped: boolean;

  /** @param call `undefined` when the method was not reached: then only what is fixed can be said */
  constructor(
    private readonly options: AuditOptions,
    readonly call: AuditedCall | undefined,
  ) {
    this.metadata = new Extraction(() => then(this.ask(options.metadata), (found) => this.fields(found)));
    this.targets = new Extraction(() => then(this.ask(options.target), toTargets));
    this.included = new Extraction(() => this.include());
    this.isSkipped = new Extraction(() => call !== undefined && options.skip?.(call) === true).value ?? false;
  }

  /** What went wrong, as one text. */
  get problem(): string | undefined {
    const problems = [this.metadata.problem, this.targets.problem, this.included.problem];
    return problems.filter((problem) => problem !== undefined).join('; ') || undefined;
  }

  private ask(option: unknown): unknown {
    if (typeof option !== 'function') return option;
    return this.call && Reflect.apply(option, undefined, [this.call]);
  }

  private fields(found: unknown): Fields {
    if (found === undefined || found === null) return {};
    if (typeof found !== 'object' || Array.isArray(found)) return { value: snapshot(found, this.copying) };
    return { ...snapshot(found, this.copying) };
  }

  private include(): Fields {
    const { args, result } = this.options.include ?? {};
    const { call } = this;
    if (!call) return {};
    return {
      ...(args && { args: call.args.map((arg) => this.visible(arg)) }),
      ...(result && call.result !== undefined && { result: this.visible(call.result) }),
    };
  }

  /** A request holds credentials, a stream holds nothing: of what is alive, only the name is told. */
  private visible(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const isShown = !this.copying.verbatim?.has(value) && !isAlive(value);
    return isShown
      ? snapshot(value, this.copying)
      : `[${String(readPath(value, 'constructor', 'name') ?? 'Object')}]`;
  }

  private get copying(): SnapshotOptions {
    return { verbatim: platformObjectsOf(this.call?.context), redact: this.options.redact };
  }
}

function then<T>(value: unknown, convert: (value: unknown) => T): T | PromiseLike<T> {
  return isThenable(value) ? value.then(convert) : convert(value);
}

function toTargets(found: unknown): readonly AuditTarget[] {
  if (found === undefined || found === null) return [];
  return (Array.isArray(found) ? found : [found]).map((target: AuditTarget | string | number) =>
    typeof target === 'object' ? { ...target } : { id: String(target) },
  );
}
