/** Lets an error of the caller's code come up as one that nobody caught, as RxJS does, when this has done its work. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
