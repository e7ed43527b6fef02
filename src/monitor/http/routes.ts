import { type rawRoute } from './raw-route.js';

type Handler = ReturnType<typeof rawRoute>;

/** Where routes of ours are added: the app's HTTP adapter, or a server of our own. */
export interface Routes {
  get(path: string, handler: Handler): unknown;
  options(path: string, handler: Handler): unknown;
  all(path: string, handler: Handler): unknown;
}
