export const STYLE = /* css */ `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #0f1216);
  --panel: light-dark(#ffffff, #171b21);
  --line: light-dark(#dde1e7, #2a3039);
  --text: light-dark(#1b212b, #dfe4ec);
  --dim: light-dark(#5d6775, #8d97a6);
  --debug: light-dark(#5d6775, #8d97a6);
  --info: light-dark(#1a6fb5, #63b3f5);
  --warning: light-dark(#946000, #e8b14c);
  --error: light-dark(#c22f2f, #ff7b72);
  --good: light-dark(#1c7c3c, #57c878);
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box; margin: 0; }
body {
  display: flex; flex-direction: column; gap: 0.75rem; height: 100dvh; padding: 1rem 1.25rem;
  background: var(--page); color: var(--text); font: 0.9375rem/1.5 system-ui, sans-serif;
}
header { display: grid; grid-template-columns: 1fr auto; align-items: baseline; gap: 0 1.5rem; }
h1 { font-size: 1.25rem; }
header p { grid-column: 1; color: var(--dim); }
header #connection { grid-area: 1 / 2; color: var(--dim); font-weight: 600; }
#connection::before { content: '\\25CF\\00A0'; color: var(--warning); }
#connection[data-state='open']::before { color: var(--good); }
#connection[data-state='closed']::before { color: var(--error); }
summary { cursor: pointer; font-weight: 600; width: fit-content; }
details p { margin-top: 0.5rem; color: var(--dim); }
pre {
  margin-top: 0.5rem; padding: 0.75rem 1rem; overflow-x: auto;
  background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
}
code { font: 0.8125rem/1.6 var(--mono); }
pre b { font-weight: 400; }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; flex: 1; min-height: 0; }
section {
  display: flex; flex-direction: column; min-width: 0; min-height: 0; overflow: hidden;
  background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
}
h2 {
  display: flex; justify-content: space-between; padding: 0.5rem 0.875rem; font-size: 0.9375rem;
  border-bottom: 1px solid var(--line);
}
output { color: var(--dim); font-weight: 400; font-variant-numeric: tabular-nums; }
ol { flex: 1; overflow-y: auto; padding: 0; list-style: none; }
ol:empty::after { content: 'Nothing yet'; display: block; padding: 0.75rem 0.875rem; color: var(--dim); }
ol:focus-visible { outline: 2px solid var(--info); outline-offset: -2px; }
li {
  display: grid; grid-template-columns: auto 5rem minmax(0, 1fr); gap: 0 0.75rem; padding: 0.3125rem 0.875rem;
  border-left: 3px solid var(--level); border-bottom: 1px solid var(--line); overflow-wrap: anywhere;
}
li { --level: var(--info); }
li[data-level='DEBUG'] { --level: var(--debug); }
li[data-level='WARNING'] { --level: var(--warning); }
li:is([data-level='ERROR'], [data-level='CRITICAL']) { --level: var(--error); }
time, .level { font: 0.8125rem/1.5rem var(--mono); color: var(--dim); font-variant-numeric: tabular-nums; }
.level { color: var(--level); }
.detail { grid-column: 3; color: var(--dim); font: 0.75rem/1.4 var(--mono); }
@media (max-width: 50rem) {
  main { grid-template: 1fr 1fr / 1fr; }
  li { grid-template-columns: auto 1fr; }
  li > :nth-child(n + 3) { grid-column: 1 / -1; }
}
`;
