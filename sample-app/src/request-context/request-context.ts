import { Injectable } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';

export type RequestFields = {
  readonly request_id: string;
};

/** Which request the code that runs right now belongs to, across every `await` and timer. */
@Injectable()
export class RequestContext {
  private readonly storage = new AsyncLocalStorage<RequestFields>();

  /** `undefined` for work that no request led to. */
  get fields(): RequestFields | undefined {
    return this.storage.getStore();
  }

  run<T>(fields: RequestFields, work: () => T): T {
    return this.storage.run(fields, work);
  }
}
