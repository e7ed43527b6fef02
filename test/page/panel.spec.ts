import { describe, expect, it } from 'vitest';
import { NO_FILTER, type PanelFilter } from '../../src/dashboard/page/model/panel-filter.js';
import { item } from './harness/fake-client.js';
import { FakeAddress, WatchedPage } from './harness/watched-page.js';

const ERRORS: PanelFilter = { ...NO_FILTER, hidden: ['DEBUG', 'INFO', 'WARNING'] };

function watched(address = new FakeAddress()): WatchedPage {
  const page = new WatchedPage({ address });
  page.client.greet();
  return page;
}

describe('a panel', () => {
  it('still shows three errors behind 21,000 lines that it hides, and says what it holds', () => {
    const page = watched();
    const panel = page.dashboard.panels.system;
    panel.setFilter(ERRORS);
    for (let seq = 1; seq <= 3; seq += 1) page.client.give(item(seq, { level: 'ERROR' }));
    for (let seq = 4; seq <= 21_003; seq += 1) page.client.give(item(seq, { level: 'DEBUG' }));
    expect(page.texts()).toEqual(['message 1', 'message 2', 'message 3']);
    expect(panel.shownRecords).toBe(3);
    expect(panel.heldText).toBe(
      'This page holds 20,006 records, 3 of them older than the newest, held because they pass the filter. ' +
        '997 older ones were let go of.',
    );
  });

  it('counts records, not gaps', () => {
    const page = watched();
    const panel = page.dashboard.panels.system;
    const missing = { from: 2, to: 9, count: 8, reason: 'slow_consumer', fetchable: false } as const;
    page.client.give(item(1), { type: 'gap', epoch: 'epoch-1', cursor: '', ...missing }, item(10));
    panel.setFilter({ ...NO_FILTER, search: 'message 10' });
    expect(page.texts()).toEqual(['gap', 'message 10']);
    expect(panel.shownRecords).toBe(1);
  });

  it('is told of once a frame, however much comes', () => {
    const page = watched();
    const { version } = page.dashboard.panels.system;
    page.frame();
    const before = version.value;
    for (let seq = 1; seq <= 500; seq += 1) page.client.give(item(seq));
    expect(version.value).toBe(before);
    page.frame();
    expect(version.value).toBe(before + 1);
  });

  it('stands still while it is held, and follows again once released', () => {
    const page = watched();
    const panel = page.dashboard.panels.system;
    page.client.give(item(1));
    panel.hold();
    page.client.give(item(2), item(3));
    expect([page.texts(), panel.unseen]).toEqual([['message 1'], 2]);
    panel.release();
    expect([page.texts().length, panel.unseen, panel.following.value]).toEqual([3, 0, true]);
  });

  it('counts what has come since the tail was left', () => {
    const page = watched();
    const panel = page.dashboard.panels.system;
    page.client.give(item(1), item(2));
    panel.follow(false);
    expect(panel.unseen).toBe(0);
    page.client.give(item(3), item(4));
    expect(panel.unseen).toBe(2);
    panel.follow(true);
    expect(panel.unseen).toBe(0);
  });

  it('shows a record among all others, and goes back to the filter', () => {
    const page = watched();
    const panel = page.dashboard.panels.system;
    page.client.give(item(1), item(2, { level: 'ERROR' }), item(3));
    panel.setFilter(ERRORS);
    panel.showAround(page.shown()[0]);
    expect(page.texts()).toEqual(['message 1', 'message 2', 'message 3']);
    expect(panel.selected.value).toMatchObject({ seq: 2 });
    panel.showAround(undefined);
    expect(page.texts()).toEqual(['message 2']);
  });

  it('writes its filter into the address, and takes it from there', () => {
    const address = new FakeAddress();
    const page = watched(address);
    page.dashboard.panels.system.setFilter({ ...ERRORS, search: 'paid' });
    expect(address.hash).toBe('#system.search=paid&system.hide=DEBUG%2CINFO%2CWARNING');
    expect(watched(address).dashboard.panels.system.filter.value).toEqual({ ...ERRORS, search: 'paid' });
    address.hash = '';
    page.dashboard.readLink();
    expect(page.dashboard.panels.system.filtering).toBe(false);
  });

  it('is empty once cleared, and follows', () => {
    const page = watched();
    const panel = page.dashboard.panels.system;
    page.client.give(item(1));
    panel.select(page.shown()[0]);
    panel.clear();
    expect([page.texts(), panel.selected.value, panel.following.value]).toEqual([[], undefined, true]);
  });
});
