const FORBIDDEN = 403;

/** Whether what `authorize` threw says that it knows the client and does not let it: Nest's `ForbiddenException`. */
export function isForbidden(error: unknown): boolean {
  try {
    return typeof error === 'object' && error !== null && 'status' in error && error.status === FORBIDDEN;
  } catch {
    // A getter that throws.
    return false;
  }
}
