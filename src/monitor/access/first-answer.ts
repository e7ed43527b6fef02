import { firstValueFrom, isObservable, type Observable, takeUntil } from 'rxjs';

/**
 * What `authorize` answered, at once or later. Of an Observable it is the first value; one that ends without any answers
 * nothing.
 *
 * @param over emits when nobody waits for the answer any more: the Observable is not listened to any longer
 */
export async function firstAnswer(answer: unknown, over: Observable<unknown>): Promise<unknown> {
  if (!isObservable(answer)) return answer;
  return firstValueFrom(answer.pipe(takeUntil(over)), { defaultValue: undefined });
}
