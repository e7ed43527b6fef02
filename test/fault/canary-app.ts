import { type Authorize, type LogStreamOptions } from 'nestjs-log-stream';
import { bareApp } from '../harness/bare-app.js';
import { type MonitoredApp } from '../harness/monitored-app.js';

/** Who says to be of the tenant sees nothing else; everybody else sees everything. */
const authorize: Authorize = ({ url }) =>
  new URL(url!, 'http://x').searchParams.get('who') === 'tenant a'
    ? { filter: { where: { tenant: 'a' } } }
    : true;

/** An app for canaries, to which clients of all species may come. */
export function canaryApp(options: LogStreamOptions = {}): Promise<MonitoredApp> {
  return bareApp({ authorize, ...options });
}
