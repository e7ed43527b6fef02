import { type ResolvedLogStreamOptions } from '../../options/resolved-options.js';
import { FieldNames } from './field-names.js';
import { Replacement } from './replacement.js';
import { SecretKeys } from './secret-keys.js';
import { SecretTexts } from './secret-texts.js';

/** What of a record must not be seen, and what stands in its place. */
export class Redaction {
  readonly names: FieldNames;
  /** `undefined` when texts are left as they are. */
  readonly texts: SecretTexts | undefined;
  readonly replacement: Replacement;

  private constructor(options: Exclude<ResolvedLogStreamOptions['redact'], false>) {
    const keys = new SecretKeys(options.keys, options.defaults);
    this.replacement = new Replacement(options);
    this.texts = options.patterns ? new SecretTexts(this.replacement, keys) : undefined;
    this.names = new FieldNames(keys, this.texts);
  }

  /** @returns `undefined` when nothing is hidden, so that nothing is looked at either */
  static by(options: ResolvedLogStreamOptions['redact']): Redaction | undefined {
    const hidesAnything = options && (options.defaults || options.patterns || options.keys.length > 0);
    return hidesAnything ? new Redaction(options) : undefined;
  }
}
