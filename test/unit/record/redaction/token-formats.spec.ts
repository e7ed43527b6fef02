import { describe, expect, it } from 'vitest';
import { Replacement } from '../../../../src/record/redaction/replacement.js';
import { SecretTexts } from '../../../../src/record/redaction/secret-texts.js';

const X = '[REDACTED]';
const texts = new SecretTexts(new Replacement({ censor: X, hash: undefined }));
const clean = (text: string): string => texts.clean(text, 32_768);
const of = (characters: string, length: number): string =>
  characters.repeat(Math.ceil(length / characters.length)).slice(0, length);

const HEX = '0a1b2c3d4e5f6789';
const BASE62 = 'aB3dE6gH9jK2mN5p';

/** Put together here, so that no scanner of repositories finds a token in this file. */
const TOKENS: [string, string][] = [
  ['Amazon', `AKIA${of('ABCD2345', 16)}`],
  ['Amazon, for a while', `ASIA${of('ABCD2345', 16)}`],
  ['GitHub', `ghp_${of(BASE62, 36)}`],
  ['GitHub, fine-grained', `github_pat_${of(BASE62, 22)}_${of(BASE62, 59)}`],
  ['GitLab', `glpat-${of(BASE62, 20)}`],
  ['GitLab’s runner', `glrt-${of(BASE62, 20)}`],
  ['Slack', `xoxb-${of('123456', 12)}-${of('123456', 12)}-${of(BASE62, 24)}`],
  [
    'Slack’s webhook',
    `https://hooks.slack.com/services/T${of('AB12', 8)}/B${of('AB12', 8)}/${of(BASE62, 24)}`,
  ],
  ['Stripe', `sk_live_${of(BASE62, 24)}`],
  ['Stripe, restricted', `rk_test_${of(BASE62, 24)}`],
  ['Stripe’s webhook', `whsec_${of(BASE62, 32)}`],
  ['Google', `AIza${of(`${BASE62}-_`, 35)}`],
  ['npm', `npm_${of(BASE62, 36)}`],
  ['SendGrid', `SG.${of(BASE62, 22)}.${of(BASE62, 43)}`],
  ['OpenAI', `sk-proj-${of(BASE62, 60)}`],
  ['OpenAI, before', `sk-${of(BASE62, 48)}`],
  ['Anthropic', `sk-ant-api03-${of(BASE62, 93)}AA`],
  ['Vault', `hvs.${of(BASE62, 95)}`],
  ['Vault’s batches', `hvb.${of(BASE62, 140)}`],
  ['Shopify', `shpat_${of(HEX, 32)}`],
  ['age', `AGE-SECRET-KEY-1${of('QPZRY9X8GF2TVDW0', 58)}`],
  ['Hugging Face', `hf_${of(BASE62, 34)}`],
  ['DigitalOcean', `dop_v1_${of(HEX, 64)}`],
];

describe('a token', () => {
  it.each(TOKENS)('of %s is hidden, wherever it stands', (_issuer, token) => {
    const visible = token.startsWith('https://') ? 'https://' : '';
    expect(clean(token)).toBe(`${visible}${X}`);
    expect(clean(`got ${token}, then`)).toBe(`got ${visible}${X}, then`);
    expect(clean(`at the end ${token}.`)).toBe(`at the end ${visible}${X}.`);
    expect(clean(`["${token}"]`)).toBe(`["${visible}${X}"]`);
    expect(clean(`my_${token}`)).toBe(`my_${visible}${X}`);
  });

  it.each([
    'task-management-of-a-very-long-name-with-many-words-in-it',
    'risk-0123456789abcdef0123456789abcdef',
    'npm_config_registry npm_lifecycle_event npm_package_dependencies_typescript',
    'SG.1 and SG.abc',
    'sk_live_ and sk-',
    'AKIA is a prefix, AIza another',
    'hf_transformers and glc_2',
    'xoxb- is how it begins',
    'pul-request-of-0123456789',
    '4006381333931 EAN',
  ])('is not seen in %s', (text) => expect(clean(text)).toBe(text));
});
