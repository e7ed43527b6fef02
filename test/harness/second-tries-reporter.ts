import { type Reporter, type TestCase } from 'vitest/node';

/**
 * CI tries a failed test once more: of thousands that wait for sockets and clocks, one meets a machine that stalls for
 * seconds. What passes then is told with its error, and the seed in it, so that nothing hides there: `.ci/run` repeats it
 * at its end.
 */
export default class SecondTriesReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { flaky } = test.diagnostic() ?? {};
    if (!flaky) return;
    const errors = (test.result().errors ?? []).map(({ message, stack }) => stack ?? message);
    // oxlint-disable-next-line no-console -- this is what it is for
    console.log(`SECOND TRY  ${test.project.name}  ${test.fullName}\n${errors.join('\n')}`);
  }
}
