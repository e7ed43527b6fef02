import { ConfigurableModuleBuilder } from '@nestjs/common';
import { type TicketExtras, ticketsProvider } from './monitor/access/ticket-extras.js';
import { type LogStreamExtras, type LogStreamOptions } from './options/log-stream-options.js';

/** The part of the module that Nest generates: `forRoot`, `forRootAsync` and their types. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<LogStreamOptions>({ moduleName: 'LogStream' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createLogStreamOptions')
    .setExtras<LogStreamExtras & TicketExtras>(
      { isGlobal: true, tickets: undefined },
      (definition, extras) => ({
        ...definition,
        global: extras.isGlobal,
        providers: [...(definition.providers ?? []), ticketsProvider(extras)],
      }),
    )
    .build();
