import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { type Reporter, type TestModule, type TestRunEndReason } from 'vitest/node';
import { LONG } from './fault-scale.js';
import { type Finding, type TrailFinding } from './finding.js';
import { streamPart, TRAIL_HEADING, trailPart } from './reliability-document.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

/** Writes docs/reliability.md, or the part of it whose tests have run, after a long run in which nothing failed. */
export default class ReliabilityReporter implements Reporter {
  private readonly started = performance.now();

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly unknown[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const metas = modules
      .toSorted((one, other) => one.moduleId.localeCompare(other.moduleId))
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => test.meta() as { finding?: Finding; trailFinding?: TrailFinding });
    const findings = metas.flatMap(({ finding }) => finding ?? []);
    const trail = metas.flatMap(({ trailFinding }) => trailFinding ?? []);
    for (const { what, load, outcome, verdict } of findings) {
      // oxlint-disable-next-line no-console -- this is what the run is for
      console.log(`${what} (${load}): ${outcome}; ${JSON.stringify(verdict)}`);
    }
    for (const { what, load, outcome, acknowledged, lost, counted } of trail) {
      // oxlint-disable-next-line no-console -- this is what the run is for
      console.log(`${what} (${load}): ${outcome}; ${JSON.stringify({ acknowledged, lost, counted })}`);
    }
    if (!LONG || reason !== 'passed' || errors.length > 0) return;
    const seconds = Math.round((performance.now() - this.started) / 1_000);
    const [stream = '', about = ''] = (await readFile(DOCUMENT, 'utf8')).split(TRAIL_HEADING);
    const parts = [
      (await isWhole(modules, 'stream')) ? streamPart(findings, seconds) : stream,
      (await isWhole(modules, 'trail')) ? trailPart(trail, seconds) : about && `${TRAIL_HEADING}${about}`,
    ];
    const text = parts.join('\n');
    await writeFile(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
  }
}

/** Whether all tests of a part ran: some of them would write some of its table. */
async function isWhole(modules: readonly TestModule[], part: 'stream' | 'trail'): Promise<boolean> {
  const isOfPart = (path: string): boolean => basename(path).startsWith('trail-') === (part === 'trail');
  const specs = (await readdir(import.meta.dirname)).filter(
    (name) => name.endsWith('.spec.ts') && isOfPart(name),
  );
  const ran = modules.filter(({ moduleId }) => isOfPart(moduleId));
  const tests = ran.flatMap((module) => [...module.children.allTests()]);
  return ran.length === specs.length && tests.every((test) => test.result().state !== 'skipped');
}
