export const NOT_STREAMED =
  'The log lines of this app are not streamed, only its audit records: call `setupLogStreaming(app)` in main.ts, after ' +
  '`NestFactory.create()`.';

export const NOBODY_CAN_WATCH =
  'Nobody can watch this app, which serves no HTTP: with the option `monitor: { port }` of LogStreamModule it has a small ' +
  'server of its own for that, on this machine alone.';

const whoMay = (decided: boolean): string =>
  decided ? 'whom the option `authorize` lets' : 'only this machine, since the option `authorize` is not set';

export const dashboardAt = (url: string, decided: boolean): string =>
  `The dashboard is at ${url}; who may open it: ${whoMay(decided)}.`;

export const monitorAt = (url: string, decided: boolean): string =>
  `The monitor is at ${url}; who may watch: ${whoMay(decided)}.`;

export const portNotListened = (port: number, error: unknown): string =>
  `The option \`monitor.port\` of LogStreamModule is ${port}, on which this process cannot listen ` +
  `(${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); give another one, or 0 for any that is free.`;
