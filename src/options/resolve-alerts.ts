import { FilterError } from '../wire/filter/filter-error.js';
import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { parseFilter } from '../wire/filter/parse-filter.js';
import { type AlertOptions, type ResolvedAlert } from './alert-options.js';
import { group, integer } from './option-checks.js';
import { alertNamedTwice, badFilter, mustBe } from './options.messages.js';

const KNOWN = ['name', 'filter', 'count', 'withinMs', 'everyMs', 'to'] as const;

/** Most alerts: each looks at every record. */
const MOST = 50;

/** Characters of a name: it is a label of metrics. */
const LONGEST_NAME = 100;

const DAY_MS = 86_400_000;

/** @throws TypeError with a sentence that says what to change */
export function resolveAlerts(value: unknown): readonly ResolvedAlert[] {
  if (!Array.isArray(value) || value.length > MOST) {
    throw new TypeError(mustBe('alerts', `an array of at most ${MOST} alerts`, value));
  }
  const alerts = value.map(resolveAlert);
  for (const [index, { name }] of alerts.entries()) {
    if (alerts.findIndex((other) => other.name === name) < index) {
      throw new TypeError(alertNamedTwice(`alerts[${index}].name`, name));
    }
  }
  return Object.freeze(alerts);
}

function resolveAlert(value: unknown, index: number): ResolvedAlert {
  const option = `alerts[${index}]`;
  const { name, filter, count = 1, withinMs = 60_000, everyMs = 60_000, to } = group(option, value, KNOWN);
  if (typeof name !== 'string' || name.trim() === '' || name.length > LONGEST_NAME) {
    throw new TypeError(mustBe(`${option}.name`, `a text of 1 to ${LONGEST_NAME} characters`, name));
  }
  if (typeof to !== 'function') throw new TypeError(mustBe(`${option}.to`, 'a function', to));
  return Object.freeze({
    name,
    filter: filterOf(`${option}.filter`, filter),
    count: integer(`${option}.count`, count, 1, 10_000),
    withinMs: integer(`${option}.withinMs`, withinMs, 1, DAY_MS),
    everyMs: integer(`${option}.everyMs`, everyMs, 0, DAY_MS),
    to: to as AlertOptions['to'],
  });
}

function filterOf(option: string, value: unknown): FilterSpec {
  try {
    return parseFilter(value, option);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new TypeError(badFilter(error.message), { cause: error });
  }
}
