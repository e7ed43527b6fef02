import { Injectable, type NestMiddleware } from '@nestjs/common';
import { type NextFunction, type Request, type Response } from 'express';
import { randomUUID } from 'node:crypto';
import { RequestContext } from './request-context.js';

/** Gives each request an id and tells the client, so that it can be found among the logs. */
@Injectable()
export class RequestContextMiddleware implements NestMiddleware {
  constructor(private readonly context: RequestContext) {}

  use(_request: Request, response: Response, next: NextFunction): void {
    // Made here, never taken from a header: a client could otherwise file its records under another's request.
    const fields = { request_id: randomUUID().slice(0, 8) };
    response.setHeader('x-request-id', fields.request_id);
    this.context.run(fields, next);
  }
}
