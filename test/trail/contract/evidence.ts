import { existsSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exportTrail } from '../../../src/trail/evidence/export-trail.js';
import { SigningKey } from '../../../src/trail/evidence/signing-key.js';
import { verifyExport } from '../../../src/trail/evidence/verify/verify-export.js';
import { VerifyingKey } from '../../../src/trail/evidence/verifying-key.js';
import { batch, type MakeFixture, OpenBackend, record, records } from './trail-fixture.js';

export function evidenceContract(make: MakeFixture): void {
  it('signs what is committed, by and by and when asked, and anchors it', async () => {
    await using fixture = await make();
    const store = await fixture.open({ checkpoint: { records: 10 } });
    const made: number[] = [];
    store.onCheckpoint(({ size }) => made.push(size));
    for (const entry of records(25)) await store.append(entry);
    await store.checkpoint();
    expect(made.at(-1)).toBe(25);
    expect(made.length).toBeGreaterThanOrEqual(2);
    const { anchors } = fixture.options();
    expect(typeof anchors === 'string' && existsSync(anchors)).toBe(true);
    const report = await fixture
      .place(fixture.options())
      .verify({ trusted: [store.key.verifier], anchors: anchors as string });
    expect(report).toMatchObject({ verdict: 'ok', last: 25, signedThrough: 25, anchoredThrough: 25 });
  });

  it('gives a snapshot that verifies and exports, whatever is appended meanwhile', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    for (const entry of records(20)) await store.append(entry);
    await store.checkpoint();
    await using view = fixture.place(fixture.options()).view();
    const lines: string[] = [];
    {
      await using evidence = await view.evidence();
      expect(evidence).toMatchObject({ last: 20, prunedThrough: 0, trail: store.trail });
      for await (const line of exportTrail(evidence)) {
        lines.push(line);
        if (lines.length === 5) await Promise.all(records(20, 21).map((entry) => store.append(entry)));
      }
    }
    const trusted = [VerifyingKey.parse(store.key.verifier)];
    expect(await verifyExport(lines, { trusted })).toMatchObject({
      verdict: 'ok',
      last: 20,
      signedThrough: 20,
    });
  });

  it('changes its key, which an auditor can follow from the old one and from the new one', async () => {
    await using fixture = await make();
    const store = await fixture.open();
    await store.append(record(1));
    const old = store.key.verifier;
    const next = await store.rotateKey();
    await store.append(record(2));
    await store.checkpoint();
    for (const trusted of [[old], [next], [next, old]])
      expect(await fixture.place(fixture.options()).verify({ trusted })).toMatchObject({
        verdict: 'ok',
        keys: [old, next],
        signedThrough: 3,
      });
    await store.close();
    expect((await fixture.open()).key.verifier).toBe(next);
  });

  it('takes a key that is given, and no other one for it later', async () => {
    await using fixture = await make();
    const [key, other] = [SigningKey.generate('one').toPem(), SigningKey.generate('one').toPem()];
    const store = await fixture.open({ key });
    await store.append(record(1));
    await store.close();
    await expect(fixture.open({ key: other })).rejects.toMatchObject({ code: 'key' });
    await expect(fixture.open({ key: other, previousKey: key })).resolves.toBeDefined();
  });

  it('appends to nothing that its anchors know more of', async () => {
    await using fixture = await make();
    await using other = await make();
    const { anchors } = fixture.options();
    const store = await fixture.open();
    await store.append(record(1));
    await store.close();
    await expect(other.open({ anchors: anchors as string })).resolves.toBeDefined();
    rmSync(anchors as string);
    await expect(fixture.open()).resolves.toBeDefined();
  });

  it('verifies while it is written to', async () => {
    await using fixture = await make();
    await using open = await OpenBackend.of(fixture);
    await open.backend.append(batch(...records(200)));
    await open.backend.checkpoint();
    const place = fixture.place(fixture.options());
    const verified = place.verify({ trusted: [open.opened.verifier] });
    for (const entry of records(50, 201)) await open.backend.append(batch(entry));
    expect(await verified).toMatchObject({ verdict: 'ok', trust: 'given' });
    const stop = new AbortController();
    stop.abort();
    await expect(place.verify({ trusted: [] }, { signal: stop.signal })).rejects.toMatchObject({
      code: 'closed',
    });
  });
}
