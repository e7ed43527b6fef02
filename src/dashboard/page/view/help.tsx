import { type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useDashboard } from './dashboard-context.js';
import { IconButton } from './icon-button.js';
import { SHORTCUTS } from './shortcuts.js';

/** All keyboard shortcuts, in the browser's own modal dialog: it keeps the focus and gives it back. */
export function Help(): JSX.Element {
  const { helpOpen } = useDashboard();
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const close = (): void => void (helpOpen.value = false);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="help-body">
        <header>
          <h2 id="help-title">Keyboard shortcuts</h2>
          <IconButton icon="close" label="Close the help" onClick={close} />
        </header>
        {SHORTCUTS.map(({ title, shortcuts }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {shortcuts.map(({ keys, label }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
