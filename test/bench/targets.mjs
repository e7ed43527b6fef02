/**
 * What this package wants to reach, as numbers of one run. A missed target is reported and fails nothing: machines
 * differ, and what guards against a slow change is reading the report.
 *
 * @typedef {object} Target
 * @property {string} what
 * @property {string} limit
 * @property {string} measured the median
 * @property {string} spread the quartiles
 * @property {'yes' | 'no' | 'unclear'} met unclear when the limit lies between the quartiles: this run cannot tell
 */

/** @returns {Target[]} */
export function hotPathTargets(hotPath) {
  const text = (key) => hotPath.find((result) => result.key === key && result.line === 'text');
  return [
    atMost(300, 'ns', 0, text('false-never').cpu, 'a call over `false`, caller `never`, history on'),
    atMost(
      1.1,
      'times',
      2,
      text('console-never').ratio,
      'a call over `ConsoleLogger`, caller `never`, to one of it alone',
    ),
  ];
}

/** @returns {Target[]} */
export function fanOutTargets({ ticks, paced }) {
  const many = peersOf(ticks, (one) => one.clients === 100 && one.lines === 16);
  const steady = peersOf(paced, (one) => one.clients === 100 && one.perSecond === 1000);
  return [
    atMost(0.6, 'us', 2, many.ours.cpu, '100 clients, 16 lines a tick: a delivery'),
    atMost(2.5, 'times', 2, inverse(many['raw-tcp'].ratio), '100 clients, 16 lines a tick: to raw TCP'),
    atLeast(
      10,
      'times',
      1,
      many.naive.ratio,
      '100 clients, 16 lines a tick: cheaper than `ws.send` per client',
    ),
    atLeast(10, 'times', 1, many['socket-io'].ratio, '100 clients, 16 lines a tick: cheaper than socket.io'),
    atMost(
      15,
      '%',
      1,
      times(100, inverse(steady.naive.ratio)),
      '1000 lines/s to 100 clients: of what `ws.send` uses',
    ),
    atMost(10, '%', 1, times(100, steady.ours.core), '1000 lines/s to 100 clients: share of a core'),
  ];
}

function peersOf(results, matches) {
  const { peers } = results.find((result) => matches(result.case));
  return Object.fromEntries(peers.map((peer) => [peer.key, peer]));
}

function atMost(limit, unit, digits, value, what) {
  const met = value.high <= limit ? 'yes' : value.low > limit ? 'no' : 'unclear';
  return { what, limit: `at most ${limit} ${unit}`, ...printed(value, unit, digits), met };
}

function atLeast(limit, unit, digits, value, what) {
  const met = value.low >= limit ? 'yes' : value.high < limit ? 'no' : 'unclear';
  return { what, limit: `at least ${limit} ${unit}`, ...printed(value, unit, digits), met };
}

function printed({ median, low, high }, unit, digits) {
  return {
    measured: `${median.toFixed(digits)} ${unit}`,
    spread: `${low.toFixed(digits)}-${high.toFixed(digits)}`,
  };
}

function inverse({ median, low, high }) {
  return { median: 1 / median, low: 1 / high, high: 1 / low };
}

function times(factor, { median, low, high }) {
  return { median: factor * median, low: factor * low, high: factor * high };
}
