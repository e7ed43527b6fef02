import { type JSX } from 'preact';
import { fieldTime, timeOfField } from '../model/local-time.js';
import { ANY_ENTRY, type TrailQuery } from '../model/trail-query.js';
import { type TrailSearch } from '../state/trail-search.js';
import { useDashboard } from './dashboard-context.js';

type TextName = 'text' | 'action' | 'actor' | 'target';

const FIELDS: readonly (readonly [name: TextName, label: string, placeholder: string])[] = [
  ['text', 'Text in the trail', 'Text'],
  ['action', 'Action, or with * the beginning of one', 'Action'],
  ['actor', 'Id of the actor', 'Actor id'],
  ['target', 'Id of a target', 'Target id'],
];

const OUTCOMES = ['success', 'failure', 'unknown'];

const KINDS: readonly (readonly [value: string, label: string])[] = [
  ['', 'All entries'],
  ['record', 'Records'],
  ['intent', 'Intents'],
  ['gap,pruned,key,hold,release', "The trail's own notes"],
];

/** What to search for in the whole trail. Sent when it is complete, not by every key: each search is recorded. */
export function TrailForm({ search }: { readonly search: TrailSearch }): JSX.Element {
  const { zone } = useDashboard().settings.current.value;
  const query = search.query.value;
  const submit = (form: HTMLFormElement): void => {
    const data = new FormData(form);
    const text = (name: string): string => String(data.get(name) ?? '').trim();
    const names = Object.keys(ANY_ENTRY) as (keyof TrailQuery)[];
    const entered = Object.fromEntries(names.map((name) => [name, text(name)])) as unknown as TrailQuery;
    search.search({
      ...entered,
      from: timeOfField(entered.from, zone),
      to: timeOfField(entered.to, zone),
    });
  };
  const time = (name: 'from' | 'to', label: string): JSX.Element => (
    <label class="trail-time">
      <span>{label}</span>
      <input type="datetime-local" name={name} step={60} defaultValue={fieldTime(query[name], zone)} />
    </label>
  );
  return (
    <form
      // A search that comes from elsewhere, as a link, fills the fields anew.
      key={`${zone}${JSON.stringify(query)}`}
      class="filters trail-form"
      role="search"
      // A link may name a time to the second.
      noValidate
      aria-label="Search the trail"
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      {FIELDS.map(([name, label, placeholder]) => (
        <input
          key={name}
          type="search"
          name={name}
          class={name === 'text' ? 'filter-search' : 'filter-action'}
          aria-label={label}
          title={label}
          placeholder={placeholder}
          autocomplete="off"
          spellcheck={false}
          maxLength={1_000}
          defaultValue={query[name]}
        />
      ))}
      <Choice name="outcome" label="Outcome" value={query.outcome}>
        {[['', 'Any outcome'], ...OUTCOMES.map((outcome) => [outcome, outcome] as const)]}
      </Choice>
      <Choice name="kinds" label="Kind of entry" value={query.kinds}>
        {KINDS}
      </Choice>
      {time('from', 'From')}
      {time('to', 'To')}
      <button type="submit" class="button" title="Each search is itself recorded in the trail">
        Search
      </button>
      {JSON.stringify(query) !== JSON.stringify(ANY_ENTRY) && (
        <button type="button" class="link" onClick={() => search.search(ANY_ENTRY)}>
          Reset
        </button>
      )}
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly children: readonly (readonly [value: string, label: string] | readonly string[])[];
}

function Choice({ name, label, value, children }: ChoiceProps): JSX.Element {
  // One that only a link can name is kept.
  const options = children.some(([known]) => known === value) ? children : [...children, [value, value]];
  return (
    <select name={name} aria-label={label} defaultValue={value}>
      {options.map(([option = '', text = '']) => (
        <option key={option} value={option} selected={option === value}>
          {text}
        </option>
      ))}
    </select>
  );
}
