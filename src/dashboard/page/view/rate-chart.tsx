import { useSignal } from '@preact/signals';
import { type JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { count } from '../model/format.js';
import { type RateBar } from '../model/rate-history.js';
import { useDashboard } from './dashboard-context.js';

const HEIGHT = 24;
const BAR = 2;
/** Seconds over which the number is taken: one alone jumps about. */
const AVERAGE_S = 3;

/** Records per second over the last two minutes; the worse, the nearer to the bottom, where it is seen first. */
export function RateChart(): JSX.Element {
  const { rates } = useDashboard();
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [now]);
  const bars = rates.bars(now.value);
  const most = Math.max(1, ...bars.map(total));
  const average = Math.round(
    bars.slice(-1 - AVERAGE_S, -1).reduce((sum, bar) => sum + total(bar), 0) / AVERAGE_S,
  );
  const width = bars.length * BAR;
  return (
    <figure class="rate" title={`The last ${bars.length} seconds; at most ${count(most)} records a second`}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="bar-quiet" d={area(bars, most, total)} />
        <path class="bar-warning" d={area(bars, most, ({ warning, alarming }) => warning + alarming)} />
        <path class="bar-alarming" d={area(bars, most, ({ alarming }) => alarming)} />
      </svg>
      <figcaption>
        <strong>{count(average)}</strong>
        <span>/s</span>
      </figcaption>
    </figure>
  );
}

function total({ quiet, warning, alarming }: RateBar): number {
  return quiet + warning + alarming;
}

/** One path for all bars of a kind: 360 elements a second would be a lot for a chart of this size. */
function area(bars: readonly RateBar[], most: number, value: (bar: RateBar) => number): string {
  return bars
    .map((bar, index) => ({ x: index * BAR, value: value(bar) }))
    .filter((bar) => bar.value > 0)
    .map(({ x, value: height }) => {
      // What is there is seen, be it one among thousands.
      const y = HEIGHT - Math.max(1.5, (height / most) * HEIGHT);
      return `M${x} ${HEIGHT}V${y.toFixed(1)}h${BAR - 0.4}V${HEIGHT}z`;
    })
    .join('');
}
