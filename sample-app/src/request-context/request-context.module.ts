import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { RequestContext } from './request-context.js';
import { RequestContextMiddleware } from './request-context.middleware.js';

@Module({ providers: [RequestContext], exports: [RequestContext] })
export class RequestContextModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(RequestContextMiddleware).forRoutes('{*path}');
  }
}
