export const STYLE = /* css */ `
:root {
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #0f1216);
  --panel: light-dark(#ffffff, #171b21);
  --line: light-dark(#dde1e7, #2a3039);
  --text: light-dark(#1b212b, #dfe4ec);
  --dim: light-dark(#566070, #99a3b2);
  --accent: light-dark(#15609f, #63b3f5);
  --on-accent: light-dark(#ffffff, #0f1216);
  --warning: light-dark(#8a5a00, #e8b14c);
  --error: light-dark(#b92c2c, #ff7b72);
  --good: light-dark(#1a7338, #57c878);
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
* { box-sizing: border-box; margin: 0; }
body {
  max-width: 68rem; margin-inline: auto; padding: 1.5rem 1.25rem 2rem;
  background: var(--page); color: var(--text); font: 0.9375rem/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.375rem; }
h2 { font-size: 1rem; margin-bottom: 0.5rem; }
header p, section p, summary { color: var(--dim); }
main { display: grid; gap: 1rem; margin-top: 1rem; }
section {
  min-width: 0; padding: 1rem 1.25rem;
  background: var(--panel); border: 1px solid var(--line); border-radius: 10px;
}
.hero { display: grid; grid-template-columns: 19rem minmax(0, 1fr); gap: 1rem 2.5rem; }
.hero ul { display: grid; gap: 0.375rem; padding-left: 1.125rem; align-content: center; }
.open {
  display: inline-block; margin-block: 0.25rem 0.75rem; padding: 0.625rem 1.25rem; border-radius: 8px;
  background: var(--accent); color: var(--on-accent); font-size: 1.0625rem; font-weight: 600; text-decoration: none;
}
.open:hover { filter: brightness(1.1); }
:is(a, button, input, select, summary, ol):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; white-space: nowrap; }
thead th { color: var(--dim); font-size: 0.8125rem; font-weight: 400; }
tbody tr { border-top: 1px solid var(--line); }
td:last-child { display: flex; gap: 0.375rem; padding-right: 0; }
.state { width: 8rem; }
.state::before { content: '\\25CF\\00A0'; color: var(--dim); }
[data-state='working'] .state::before { color: var(--good); }
[data-state='waiting'] .state::before { color: var(--warning); }
[data-state='failed'] .state::before { color: var(--error); }
.controls { display: flex; flex-wrap: wrap; gap: 0.75rem 1.5rem; align-items: end; margin-block: 0.75rem; }
form { display: flex; gap: 0.5rem; align-items: end; }
label { display: grid; color: var(--dim); font-size: 0.8125rem; }
button, input, select {
  padding: 0.25rem 0.75rem; border: 1px solid var(--line); border-radius: 6px;
  background: var(--page); color: var(--text); font: inherit;
}
button { cursor: pointer; }
button:hover { border-color: var(--accent); }
button:disabled { cursor: wait; opacity: 0.6; }
#connection { float: right; color: var(--dim); font-weight: 400; }
#connection::before { content: '\\25CF\\00A0'; color: var(--warning); }
#connection[data-state='open']::before { color: var(--good); }
#connection[data-state='closed']::before { color: var(--error); }
#lines {
  height: 16.5rem; margin-block: 0.625rem; padding: 0.5rem 0; overflow: hidden auto; list-style: none;
  border-block: 1px solid var(--line); font: 0.8125rem/1.25rem var(--mono);
}
#lines li { display: grid; grid-template-columns: 5.25rem 4rem 5rem 11rem minmax(0, 1fr); gap: 0 0.5rem; }
#lines span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#lines span:nth-child(-n + 4) { color: var(--dim); }
#lines [data-level='WARNING'] span:nth-child(3) { color: var(--warning); }
#lines :is([data-level='ERROR'], [data-level='CRITICAL']) span:nth-child(3) { color: var(--error); }
summary { cursor: pointer; width: fit-content; }
pre {
  margin-block: 0.5rem; padding: 0.75rem 1rem; overflow-x: auto;
  background: var(--page); border: 1px solid var(--line); border-radius: 8px;
}
code { font: 0.8125rem/1.6 var(--mono); overflow-wrap: anywhere; }
pre code { overflow-wrap: normal; }
pre b { font-weight: 400; }
@media (max-width: 46rem) {
  .hero { grid-template-columns: minmax(0, 1fr); }
  :is(th, td):is(:nth-child(2), :nth-child(3)) { display: none; }
  thead { display: none; }
  tbody tr { display: grid; grid-template-columns: 1fr auto; }
  td:last-child { grid-column: 1 / -1; padding-bottom: 0.5rem; }
  .state { width: auto; }
  #lines li { grid-template-columns: 5.25rem 4rem 1fr; }
  #lines span:nth-child(4) { display: none; }
  #lines span:nth-child(5) { grid-column: 1 / -1; }
}
`;
