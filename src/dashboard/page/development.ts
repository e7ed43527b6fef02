import { type Plugin, type ProxyOptions } from 'vite';

/** Where the app runs whose records the page shows: `npm start` in another terminal, or any other by `APP_URL`. */
const APP_URL = process.env['APP_URL'] ?? 'http://127.0.0.1:3000';

/** The paths of the app that the page asks for, at their defaults. */
const PATHS = {
  MONITOR_URL: '/ws/monitor',
  STREAM_URL: '/monitor/stream',
  TRAIL_URL: '/monitor/audit',
} as const;

/**
 * What the app's server does for the built page, in development: fills in its facts, and answers its requests. The app
 * sees a page of its own, as it would when it served it: another origin would be refused.
 */
export function development(): Plugin {
  return {
    name: 'development',
    apply: 'serve',
    config: () => ({
      server: {
        open: false,
        proxy: Object.fromEntries(Object.values(PATHS).map((path) => [path, toApp])),
      },
    }),
    transformIndexHtml: (html) =>
      Object.entries({ ...PATHS, ACCESS: 'granted' }).reduce(
        (page, [name, value]) => page.replace(`%${name}%`, value),
        html,
      ),
  };
}

const toApp: ProxyOptions = {
  target: APP_URL,
  changeOrigin: true,
  ws: true,
  configure: (proxy) => {
    proxy.on('proxyReq', (request) => {
      if (request.hasHeader('origin')) request.setHeader('origin', APP_URL);
    });
    proxy.on('proxyReqWs', (request) => request.setHeader('origin', APP_URL));
  },
};
