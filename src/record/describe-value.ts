/** How a function shows in a record. */
export function functionText(value: object): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'Function';
  return `[${kind}: ${nameOf(value) || '(anonymous)'}]`;
}

function nameOf(value: object): string {
  try {
    const { name } = value as { name: unknown };
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}

/** `Array.isArray` throws for a revoked proxy. */
export function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** What was thrown, which may be anything. */
export function reasonOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'unknown';
  }
}
