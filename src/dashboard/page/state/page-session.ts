const KEY = 'nestjs-log-stream:token';

/** A token that somebody has entered. Kept for this tab alone, until it is closed. */
export class PageSession {
  get token(): string | undefined {
    try {
      return sessionStorage.getItem(KEY) ?? undefined;
    } catch {
      return this.unstored;
    }
  }

  private unstored: string | undefined;

  signIn(token: string): void {
    this.unstored = token;
    try {
      sessionStorage.setItem(KEY, token);
    } catch {
      // Then it is known as long as the page is open.
    }
  }

  /** Asks the server whether the page may be had now. */
  access(): Promise<Access> {
    return pageAccess(this.token);
  }

  /** Forgets the token and asks the server who this is. */
  signOut(): void {
    this.unstored = undefined;
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // It was never stored.
    }
    location.reload();
  }
}

/** `local_only`: nobody has set who may watch, so that no token helps. */
export type Access = 'granted' | 'unauthorized' | 'forbidden' | 'local_only' | 'unknown';

/** Asks the server whether the page may be had, with a token or without. */
export async function pageAccess(token: string | undefined): Promise<Access> {
  try {
    const { status } = await fetch(location.pathname, {
      method: 'HEAD',
      cache: 'no-store',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    if (status === 401) return 'unauthorized';
    if (status === 403) return 'forbidden';
    return status < 400 ? 'granted' : 'unknown';
  } catch {
    return 'unknown';
  }
}
