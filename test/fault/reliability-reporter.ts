import { readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { type Reporter, type TestModule, type TestRunEndReason } from 'vitest/node';
import { LONG } from './fault-scale.js';
import { type Finding, type TrailFinding } from './finding.js';
import { reliabilityDocument } from './reliability-document.js';

const DOCUMENT = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

/** Writes docs/reliability.md after a long run of everything in which nothing failed. */
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
    if (!LONG || reason !== 'passed' || errors.length > 0 || (await isPart(modules))) return;
    const seconds = Math.round((performance.now() - this.started) / 1_000);
    const text = reliabilityDocument({ findings, trail }, seconds);
    await writeFile(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
  }
}

/** Part of the tests would write part of the table. */
async function isPart(modules: readonly TestModule[]): Promise<boolean> {
  const specs = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.spec.ts'));
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  return modules.length < specs.length || tests.some((test) => test.result().state === 'skipped');
}
