import { type Observable } from 'rxjs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ActionOf } from '../../src/audit/audit-actions.js';
import {
  type AuditedCall,
  type AuditedResult,
  type AuditOptions,
} from '../../src/audit/describe/audit-options.js';

declare class Users {
  changeRole(id: number, role: 'admin' | 'user'): Promise<{ before: string }>;
  watch(): Observable<number>;
  list(): AsyncGenerator<string, Date>;
}

describe('types', () => {
  it('the arguments and result of a call come from its method', () => {
    type Call = AuditedCall<Users['changeRole']>;
    expectTypeOf<Call['args']>().toEqualTypeOf<[id: number, role: 'admin' | 'user']>();
    expectTypeOf<Call['result']>().toEqualTypeOf<{ before: string } | undefined>();
    expectTypeOf<AuditedCall['args']>().toEqualTypeOf<unknown[]>();
    expectTypeOf<AuditedResult<ReturnType<Users['watch']>>>().toEqualTypeOf<number>();
    expectTypeOf<AuditedResult<ReturnType<Users['list']>>>().toEqualTypeOf<Date>();
    expectTypeOf<AuditedResult<Promise<Observable<string>>>>().toEqualTypeOf<string>();
    expectTypeOf<AuditOptions['failure']>().toEqualTypeOf<'open' | 'closed' | undefined>();
  });

  it('any text is an action while the registry is empty, and only its names otherwise', () => {
    // oxlint-disable-next-line typescript/no-empty-object-type
    expectTypeOf<ActionOf<{}>>().toEqualTypeOf<string>();
    expectTypeOf<ActionOf<{ spawn: true; terminate: true }>>().toEqualTypeOf<'spawn' | 'terminate'>();
  });

  it('the registry is extended by declaration merging', { timeout: 60_000 }, () => {
    const source = (augmentation: string): string => `
      import { Audit, AuditLogger } from 'audit-under-test';
      ${augmentation}
      export class Users {
        constructor(private readonly audit: AuditLogger) {}
        @Audit<Users['changeRole']>('role_changed', { metadata: ({ args: [id, role], result }) => ({ id, role, before: result?.before }) })
        async changeRole(id: number, role: 'admin' | 'user'): Promise<{ before: string }> {
          await this.audit.log('text', { action: 'another_action', id, role });
          return { before: 'x' };
        }
      }`;
    expect(errorsOf(source(''))).toEqual([]);
    const merged = "declare module 'audit-under-test' { interface AuditActions { role_changed: true } }";
    expect(errorsOf(source(merged))).toEqual([
      `Type '"another_action"' is not assignable to type '"role_changed"'.`,
    ]);
  });

  it("failure: 'closed' is for methods whose callers wait", { timeout: 60_000 }, () => {
    const audited = (method: string, index: number): string => `
      export class Plain${index} {
        @Audit('role_changed', { failure: 'closed', metadata: ({ args }) => ({ args }) })
        ${method}
      }
      export class Typed${index} {
        @Audit<Typed${index}['run']>('role_changed', { failure: 'closed', metadata: ({ args }) => ({ args }) })
        ${method}
      }`;
    const source = (methods: readonly string[]): string => `
      import { Audit } from 'audit-under-test';
      import { Observable } from 'rxjs';
      export type Feed = Observable<number>;
      ${methods.map(audited).join('')}`;
    const waitedFor = [
      'async run(id: number): Promise<string> { return String(id); }',
      'run(): Observable<number> { return new Observable(); }',
      'run(): Promise<number> | Observable<number> { return new Observable(); }',
      'async *run(): AsyncGenerator<string, number> { return 1; }',
    ];
    expect(errorsOf(source(waitedFor))).toEqual([]);
    const synchronous = [
      "run(): string { return ''; }",
      'run(): void {}',
      'run(later: boolean): number | Promise<number> { return later ? Promise.resolve(1) : 1; }',
      'run(): PromiseLike<number> { return Promise.resolve(1); }',
      '*run(): Generator<number> {}',
    ];
    const refusal = 'Unable to resolve signature of method decorator when called as an expression.';
    expect(errorsOf(source(synchronous))).toEqual(synchronous.flatMap(() => [refusal, refusal]));
  });
});

/** Compiles a file as an application would have it, against the package's sources. */
function errorsOf(text: string): string[] {
  const root = resolve(import.meta.dirname, '../..');
  const file = resolve(root, 'test/audit/application.ts');
  const config = ts.readConfigFile(resolve(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config.config, include: [], files: [] },
    ts.sys,
    root,
  );
  const paths = { 'audit-under-test': [resolve(root, 'src/audit/index.ts')] };
  const host = ts.createCompilerHost({ ...options, paths });
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, text, ...(rest as [ts.ScriptTarget]))
      : readSource(name, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = (name) => name === file || exists(name);
  const program = ts.createProgram([file], { ...options, paths }, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0] ?? '');
}
