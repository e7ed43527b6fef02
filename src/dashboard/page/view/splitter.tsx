import { type JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { clampSplit, SPLIT } from '../model/settings.js';
import { useDashboard } from './dashboard-context.js';

const STEP = 2;

/** Between the panels, moved by pointer or keyboard (WAI-ARIA, window splitter). */
export function Splitter(): JSX.Element {
  const { settings } = useDashboard();
  const { split } = settings.current.value;
  const handle = useRef<HTMLDivElement>(null);
  const move = (percent: number): void => settings.change({ split: clampSplit(percent) });
  const drag = (event: PointerEvent): void => {
    const area = handle.current?.parentElement?.getBoundingClientRect();
    if (!area || !handle.current?.hasPointerCapture(event.pointerId)) return;
    move(Math.round(((event.clientX - area.left) / area.width) * 1000) / 10);
  };
  const press = (event: KeyboardEvent): void => {
    const target: Partial<Record<string, number>> = {
      ArrowLeft: split - STEP,
      ArrowRight: split + STEP,
      Home: SPLIT.least,
      End: SPLIT.most,
      Enter: SPLIT.usual,
    };
    const percent = target[event.key];
    if (percent === undefined) return;
    event.preventDefault();
    move(percent);
  };
  return (
    <div
      ref={handle}
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the panels"
      aria-controls="panel-system"
      aria-valuemin={SPLIT.least}
      aria-valuemax={SPLIT.most}
      aria-valuenow={Math.round(split)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDblClick={() => move(SPLIT.usual)}
      onKeyDown={press}
    />
  );
}
