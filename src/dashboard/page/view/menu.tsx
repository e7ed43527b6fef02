import { type ComponentChildren, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icon.js';

interface MenuProps {
  readonly icon: IconName;
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Something that opens below a button: a `details` element, which the browser makes usable by keyboard. */
export function Menu({ icon, label, children }: MenuProps): JSX.Element {
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
    <details class="menu" ref={details} onKeyDown={closeByKey}>
      <summary class="icon-button" aria-label={label} title={label}>
        <Icon name={icon} />
      </summary>
      <div class="menu-items">{children}</div>
    </details>
  );
}
