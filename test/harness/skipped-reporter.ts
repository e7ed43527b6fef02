import { type Reporter, type TestModule } from 'vitest/node';

/** Names each test that did not run, once at the end: what a test needs and misses stands in its name. */
export default class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        // oxlint-disable-next-line no-console -- this is what it is for
        console.log(`SKIPPED  ${test.project.name}  ${module.relativeModuleId} > ${test.fullName}`);
      }
    }
  }
}
