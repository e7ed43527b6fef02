import { type ComponentChildren, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface DropdownProps {
  /** Of the whole. */
  readonly class: string;
  /** What is always there, and opens the rest: a `summary` element. */
  readonly summary: JSX.Element;
  readonly children: ComponentChildren;
}

/** Something that opens below a button: a `details` element, which the browser makes usable by keyboard. */
export function Dropdown({ class: name, summary, children }: DropdownProps): JSX.Element {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      if (details.current?.open && !details.current.contains(event.target as Node))
        details.current.open = false;
    };
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, []);
  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !details.current?.open) return;
    event.stopPropagation();
    details.current.open = false;
    details.current.querySelector('summary')?.focus();
  };
  return (
    <details class={`dropdown ${name}`} ref={details} onKeyDown={closeByKey}>
      {summary}
      {children}
    </details>
  );
}
