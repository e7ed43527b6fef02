import { useSignal } from '@preact/signals';
import { type JSX } from 'preact';
import { type Marks } from '../model/marks.js';
import { isScalar, type Scalar, type ValuePath } from '../model/value-path.js';
import { visibleText } from '../model/visible-text.js';
import { IconButton } from './icon-button.js';
import { Icon } from './icon.js';
import { Visible } from './visible.js';

/** What can be done with a value. */
export interface ValueFilter {
  readonly offers: (path: ValuePath, value: Scalar, exclude: boolean) => boolean;
  readonly apply: (path: ValuePath, value: Scalar, exclude: boolean) => void;
}

export interface TreeActions {
  readonly marks: Marks;
  readonly filter: ValueFilter;
}

interface BranchProps extends TreeActions {
  readonly value: object;
  readonly path: ValuePath;
}

/** Objects deeper than this begin folded. */
const OPEN_DEPTH = 2;

/** What a branch shows before somebody asks for more: a record may hold a thousand entries. */
const MOST_ENTRIES = 100;

/** All fields of a value, as a tree that can be folded. */
export function ValueTree({ value, path, ...actions }: BranchProps): JSX.Element {
  const all = useSignal(false);
  const entries = Object.entries(value);
  const visible = all.value ? entries : entries.slice(0, MOST_ENTRIES);
  return (
    <ul class="tree">
      {visible.map(([name, inner]) => (
        <Field key={name} name={name} value={inner} path={[...path, name]} {...actions} />
      ))}
      {visible.length < entries.length && (
        <li>
          <button type="button" class="link" onClick={() => (all.value = true)}>
            {entries.length - visible.length} more
          </button>
        </li>
      )}
    </ul>
  );
}

interface FieldProps extends TreeActions {
  readonly name: string;
  readonly value: unknown;
  readonly path: ValuePath;
}

function Field(props: FieldProps): JSX.Element {
  const { value } = props;
  return typeof value === 'object' && value !== null ? (
    <Branch {...props} value={value} />
  ) : (
    <Leaf {...props} />
  );
}

function Branch({ name, value, path, ...actions }: FieldProps & { readonly value: object }): JSX.Element {
  const size = Object.keys(value).length;
  const open = useSignal(path.length <= OPEN_DEPTH);
  return (
    <li>
      <button
        type="button"
        class="fold"
        aria-expanded={open.value}
        disabled={size === 0}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="right" />
        <span class="name">
          <Visible text={name} marks={actions.marks} />
        </span>
        <span class="size">{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </button>
      {open.value && size > 0 && <ValueTree value={value} path={path} {...actions} />}
    </li>
  );
}

function Leaf({ name, value, path, marks, filter }: FieldProps): JSX.Element {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <li class="leaf">
      <span class="name">
        <Visible text={name} marks={marks} />
      </span>
      <span class={`value value-${value === null ? 'null' : typeof value}`}>
        <LongText text={shown} marks={marks} />
      </span>
      {isScalar(value) && (
        <span class="leaf-actions">
          {filter.offers(path, value, false) && (
            <IconButton
              icon="only"
              label={`Only records with this ${visibleText(name)}`}
              onClick={() => filter.apply(path, value, false)}
            />
          )}
          {filter.offers(path, value, true) && (
            <IconButton
              icon="not"
              label={`No records with this ${visibleText(name)}`}
              onClick={() => filter.apply(path, value, true)}
            />
          )}
        </span>
      )}
    </li>
  );
}

const LONGEST_TEXT = 2_000;

/** A text of any length: cut, until somebody wants all of it. */
export function LongText({ text, marks }: { readonly text: string; readonly marks: Marks }): JSX.Element {
  const all = useSignal(false);
  const cut = !all.value && text.length > LONGEST_TEXT;
  return (
    <>
      <Visible text={text} marks={marks} most={all.value ? text.length : LONGEST_TEXT} lineBreaks />
      {cut && (
        <button type="button" class="link" onClick={() => (all.value = true)}>
          Show all
        </button>
      )}
    </>
  );
}
