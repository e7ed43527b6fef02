import { RECORD_LIMITS } from '../record-limits.js';
import { CharacterClass, ALPHANUMERIC } from './character-class.js';
import { endsIn, type PathStep, type SecretKeys, type SecretRule } from './secret-keys.js';
import { type SecretTexts } from './secret-texts.js';

/** What is known about the name of a field, wherever it stands. */
export interface FieldName extends PathStep {
  /** The name as it may be seen: a name can be a secret too. */
  readonly visible: string;
  /** What makes the value secret wherever the field stands. */
  readonly rule: SecretRule | undefined;
  /** The value is secret where one of these leads to the field. */
  readonly parents: readonly (readonly string[])[] | undefined;
}

/** Names longer than this, or more of them, are no names of a program's own fields. */
const REMEMBERED = { characters: 64, names: 1_000 } as const;

const NAME = new CharacterClass(`${ALPHANUMERIC}-_.`);

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
    const rules = [field.rule, before.rule];
    return {
      ...field,
      also: before.lower,
      rule: rules.some(Boolean) ? (value) => rules.some((rule) => rule?.(value)) : undefined,
      parents: [...(field.parents ?? []), ...(before.parents ?? [])],
    };
  }

  isSecret(field: FieldName, way: readonly PathStep[], value: unknown): boolean {
    return field.rule?.(value) || (field.parents?.some((names) => endsIn(way, names)) ?? false);
  }

  /** Whether a value that is data itself, as an element of a list, is the name of the secret beside it. */
  names(value: unknown, secret: unknown): boolean {
    if (typeof value !== 'string' || value.length > REMEMBERED.characters) return false;
    if (value === '' || NAME.endOf(value, 0) !== value.length) return false;
    return this.keys.ruleOf(value.toLowerCase().replace(/^-{1,2}/, ''))?.(secret) ?? false;
  }

  private lookAt(name: string): FieldName {
    const lower = name.toLowerCase();
    return {
      lower,
      visible: this.texts?.clean(name, RECORD_LIMITS.name) ?? name,
      rule: this.keys.ruleOf(lower),
      parents: this.keys.parentsOf(lower),
    };
  }
}
