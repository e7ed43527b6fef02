import { describe, expect, it } from 'vitest';
import { DashboardFiles } from '../../../src/dashboard/dashboard-files.js';
import { relativeUrl } from '../../../src/dashboard/relative-url.js';
import { renderPage } from '../../../src/dashboard/render-page.js';

describe('relativeUrl', () => {
  it.each([
    ['/monitor', '/ws/monitor', './ws/monitor'],
    ['/ops/logs', '/ws/monitor', '../ws/monitor'],
    ['/a/b/c', '/a/x', '../x'],
    ['/a/b', '/a/b/c', './b/c'],
    ['/a/b', '/', '../'],
    ['/a', '/', './'],
    ['/a', '/b:c', './b:c'],
  ])('leads from %s to %s by %s', (from, to, url) => {
    expect(relativeUrl(from, to)).toBe(url);
    for (const proxy of ['', '/apps/one']) {
      expect(new URL(url, `http://host${proxy}${from}`).pathname).toBe(`${proxy}${to}`);
    }
  });
});

describe('renderPage', () => {
  const TEMPLATE = '<meta content="%MONITOR_URL%"><meta content="%ACCESS%"><script src="./assets/a.js">';

  it('fills in what the page must know', () => {
    expect(renderPage(TEMPLATE, { path: '/ops/logs', monitorPath: '/ws', access: 'granted' })).toBe(
      '<meta content="../ws"><meta content="granted"><script src="./logs/assets/a.js">',
    );
  });

  it('names the trail where there is one', () => {
    const template = '<meta content="%TRAIL_URL%">';
    const facts = { path: '/ops/logs', monitorPath: '/ws', access: 'granted' } as const;
    expect(renderPage(template, facts)).toBe('<meta content="">');
    expect(renderPage(template, { ...facts, trailPath: '/monitor/audit' })).toBe(
      '<meta content="../monitor/audit">',
    );
  });

  it('lets no path break out of an attribute', () => {
    const html = renderPage(TEMPLATE, { path: '/m', monitorPath: `/"><script>&'$&`, access: 'granted' });
    expect(html).toContain('<meta content="./&quot;&gt;&lt;script&gt;&amp;&#39;$&amp;">');
  });
});

describe('DashboardFiles', () => {
  it('says when the page was not built', async () => {
    await expect(DashboardFiles.read(new URL('nowhere/', import.meta.url))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
