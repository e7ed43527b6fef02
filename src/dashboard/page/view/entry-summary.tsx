import { type JSX } from 'preact';
import { count } from '../model/format.js';
import { type EntryFacts } from '../model/row.js';
import { Visible } from './visible.js';

/** Where an entry stands in the trail, and by what it can be checked. */
export function EntrySummary({
  seq,
  entry,
}: {
  readonly seq: number;
  readonly entry: EntryFacts;
}): JSX.Element {
  const { kind, hash, instance, stream } = entry;
  const facts: [name: string, text: string | JSX.Element][] = [
    ['Entry', count(seq)],
    ['Kind', <Visible text={kind} />],
    ['Logged by', <Visible text={instance} />],
    ...(stream ? [['In its stream', `#${stream.seq}`] satisfies [string, string]] : []),
    ['Chain hash', <span class="hash">{hash}</span>],
  ];
  return (
    <dl class="audit-facts entry-facts">
      {facts.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
