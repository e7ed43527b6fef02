import { fileURLToPath } from 'node:url';

/** Copies of this package meet here, of whichever version: the number changes with the shape of what is kept. */
const MEETING_POINT = Symbol.for('nestjs-log-stream:copies@1');

/** A copy of this package that is loaded. */
export interface PackageCopy {
  /** The file of it that is. */
  readonly file: string;
}

const THIS_COPY: PackageCopy = Object.freeze({ file: fileOfThis() });

/** Notes that something of this copy was used that only the module of the same copy can find, as its `@Audit()`. */
export function noteDecorator(): void {
  copies().add(THIS_COPY);
}

/** The file of this copy, and those of others whose decorators are used in this process. */
export function otherCopies(): { readonly own: string; readonly others: readonly string[] } {
  const others = [...copies()].filter((copy) => copy !== THIS_COPY).map(({ file }) => file);
  return { own: THIS_COPY.file, others };
}

function copies(): Set<PackageCopy> {
  return ((globalThis as Record<symbol, unknown>)[MEETING_POINT] ??= new Set()) as Set<PackageCopy>;
}

function fileOfThis(): string {
  try {
    return fileURLToPath(import.meta.url);
  } catch {
    // A bundle of an application, which has no file of ours.
    return 'a bundle';
  }
}
