import { Observable } from 'rxjs';
import { type AuditCall } from './audit-call.js';

/**
 * Keeps the result of a closed call back until its outcome is recorded: a single value and the end. The values of a
 * stream are passed on as they come, there is no outcome yet.
 */
export function heldBack(source: Observable<unknown>, call: AuditCall): Observable<unknown> {
  return new Observable((subscriber) => {
    const held: unknown[] = [];
    const release = (end: () => void): void => {
      const passOn = (): void => {
        for (const value of held) subscriber.next(value);
        end();
      };
      if (call.recorded) void call.recorded.then(passOn);
      else passOn();
    };
    return source.subscribe({
      next: (value) => (call.isStream ? subscriber.next(value) : held.push(value)),
      error: (error) => release(() => subscriber.error(error)),
      complete: () => release(() => subscriber.complete()),
    });
  });
}
