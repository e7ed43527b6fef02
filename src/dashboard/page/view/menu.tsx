import { type ComponentChildren, type JSX } from 'preact';
import { Dropdown } from './dropdown.js';
import { Icon, type IconName } from './icon.js';

interface MenuProps {
  readonly icon: IconName;
  readonly label: string;
  readonly children: ComponentChildren;
  readonly onOpen?: () => void;
}

/** Choices below a button. */
export function Menu({ icon, label, children, onOpen }: MenuProps): JSX.Element {
  const summary = (
    <summary class="icon-button" aria-label={label} title={label} onClick={onOpen}>
      <Icon name={icon} />
    </summary>
  );
  return (
    <Dropdown class="menu" summary={summary}>
      <div class="menu-items">{children}</div>
    </Dropdown>
  );
}
