import { RECORD_LIMITS } from '../record-limits.js';
import { endsIn, type PathStep, type SecretKeys } from './secret-keys.js';
import { type SecretTexts } from './secret-texts.js';

/** What is known about the name of a field, wherever it stands. */
export interface FieldName extends PathStep {
  /** The name as it may be seen: a name can be a secret too. */
  readonly visible: string;
  /** The value is secret wherever the field stands. */
  readonly isSecret: boolean;
  /** The value is secret where one of these leads to the field. */
  readonly parents: readonly (readonly string[])[] | undefined;
}

/** Names longer than this, or more of them, are no names of a program's own fields. */
const REMEMBERED = { characters: 64, names: 1_000 } as const;

/** Looks at each name once: an application logs the same fields again and again. */
export class FieldNames {
  private readonly known = new Map<string, FieldName>();

  constructor(
    private readonly keys: SecretKeys,
    private readonly texts: SecretTexts | undefined,
  ) {}

  of(name: string): FieldName {
    const known = this.known.get(name);
    if (known) return known;
    const found = this.lookAt(name);
    if (name.length <= REMEMBERED.characters && this.known.size < REMEMBERED.names)
      this.known.set(name, found);
    return found;
  }

  /** The same for a field that may have another name on the wire than where it was logged. */
  ofRenamed(name: string, original: string): FieldName {
    const field = this.of(name);
    if (name === original) return field;
    const before = this.of(original);
    return {
      ...field,
      also: before.lower,
      isSecret: field.isSecret || before.isSecret,
      parents: [...(field.parents ?? []), ...(before.parents ?? [])],
    };
  }

  isSecret(field: FieldName, way: readonly PathStep[]): boolean {
    return field.isSecret || (field.parents?.some((names) => endsIn(way, names)) ?? false);
  }

  private lookAt(name: string): FieldName {
    const lower = name.toLowerCase();
    return {
      lower,
      visible: this.texts?.clean(name, RECORD_LIMITS.name) ?? name,
      isSecret: this.keys.hasName(lower),
      parents: this.keys.parentsOf(lower),
    };
  }
}
