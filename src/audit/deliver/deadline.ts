import { tookTooLong } from '../audit.messages.js';

/** Somebody waited in vain. What was waited for may still come. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';

  constructor(milliseconds: number) {
    super(`The audit sink ${tookTooLong(milliseconds)}.`);
  }
}

/** Settles as the promise does, or rejects with {@link DeadlineExceeded} first. */
export async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineExceeded(milliseconds)), milliseconds).unref();
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
