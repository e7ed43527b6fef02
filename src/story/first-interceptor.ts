import { UseInterceptors, type NestInterceptor } from '@nestjs/common';

/** Binds an interceptor to a method before its others, and before Nest has looked at them. */
export function interceptFirst(method: Function, interceptor: NestInterceptor): void {
  const key = interceptorsKey();
  const others = (Reflect.getMetadata(key, method) ?? []) as readonly unknown[];
  Reflect.defineMetadata(key, [interceptor, ...others], method);
}

/** The metadata key of Nest's `@UseInterceptors()`, which the package's root does not export: seen on a method that has one. */
function interceptorsKey(): unknown {
  const method: unknown = Reflect.get(Bearer.prototype, 'method');
  return (Reflect.getMetadataKeys(method as object) as unknown[])[0];
}

class NoInterceptor implements NestInterceptor {
  intercept(_: unknown, next: { handle(): ReturnType<NestInterceptor['intercept']> }) {
    return next.handle();
  }
}

class Bearer {
  @UseInterceptors(NoInterceptor)
  method(): void {}
}
