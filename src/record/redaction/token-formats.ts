import { ALPHANUMERIC, CharacterClass, WORD } from './character-class.js';
import { type Detector, falseAlarm, NOWHERE, secret, type Span } from './span.js';

const HEX = new CharacterClass('0123456789abcdefABCDEF');
const BASE62 = new CharacterClass(ALPHANUMERIC);
const BASE64URL = new CharacterClass(`${ALPHANUMERIC}-_`);
/** With what parts a token from the next one. */
const DOTTED = new CharacterClass(`${ALPHANUMERIC}-_.=`);
const PATH = new CharacterClass(`${ALPHANUMERIC}-_/`);

/** What follows a prefix: which characters, and how many at least. */
type Body = readonly [characters: CharacterClass, shortest: number];

/**
 * Tokens that say by a fixed beginning whose they are. Which there are and how long they are was learned from the default
 * rules of gitleaks (`config/gitleaks.toml`, MIT, some 170 rules, maintained since 2018); taken are those that need neither
 * a word beside them nor a measure of randomness. The shortest is somewhat shorter than there: issuers make theirs longer
 * or shorter without telling.
 */
const FORMATS: Readonly<Record<string, Body>> = {
  ...formats(BASE62, 16, 'AKIA', 'ASIA', 'ABIA', 'ACCA'), // Amazon
  ...formats(BASE62, 30, 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'), // GitHub
  ...formats(BASE64URL, 40, 'github_pat_'),
  ...formats(
    DOTTED,
    20,
    'glpat-',
    'gldt-',
    'glrt-',
    'glcbt-',
    'glptt-',
    'glft-',
    'glimt-',
    'gloas-',
    'glsoat-',
  ), // GitLab
  ...formats(DOTTED, 20, 'glagent-', 'glffct-'),
  ...formats(DOTTED, 10, 'xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.xox', 'xapp-'), // Slack
  ...formats(
    PATH,
    20,
    'hooks.slack.com/services/',
    'hooks.slack.com/workflows/',
    'hooks.slack.com/triggers/',
  ),
  ...formats(PATH, 20, 'discord.com/api/webhooks/'), // Discord
  ...formats(BASE62, 10, 'sk_live_', 'sk_test_', 'sk_prod_', 'rk_live_', 'rk_test_', 'rk_prod_', 'whsec_'), // Stripe
  ...formats(BASE64URL, 30, 'AIza'), // Google
  ...formats(BASE64URL, 20, 'ya29.', 'GOCSPX-'),
  ...formats(BASE62, 30, 'npm_'), // npm
  ...formats(BASE64URL, 50, 'pypi-AgE'), // PyPI
  ...formats(HEX, 40, 'rubygems_'), // RubyGems
  ...formats(BASE64URL, 20, 'dckr_pat_'), // Docker
  ...formats(DOTTED, 50, 'SG.'), // SendGrid
  ...formats(HEX, 60, 'xkeysib-'), // Brevo
  ...formats(BASE64URL, 20, 'sk-proj-', 'sk-svcacct-', 'sk-admin-'), // OpenAI
  ...formats(BASE62, 32, 'sk-'),
  ...formats(BASE64URL, 20, 'sk-ant-'), // Anthropic
  ...formats(BASE62, 30, 'hf_', 'gsk_', 'pplx-'), // Hugging Face, Groq, Perplexity
  ...formats(DOTTED, 24, 'hvs.', 'hvb.', 'hvr.'), // Vault
  ...formats(HEX, 32, 'shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'), // Shopify
  ...formats(BASE62, 50, 'AGE-SECRET-KEY-1'), // age
  ...formats(HEX, 60, 'dop_v1_', 'doo_v1_', 'dor_v1_'), // DigitalOcean
  ...formats(BASE62, 40, 'dp.pt.'), // Doppler
  ...formats(DOTTED, 60, 'dt0c01.'), // Dynatrace
  ...formats(DOTTED, 60, 'ATATT3'), // Atlassian
  ...formats(BASE62, 40, 'lin_api_', 'ntn_'), // Linear, Notion
  ...formats(BASE64URL, 50, 'PMAK-'), // Postman
  ...formats(DOTTED, 30, 'pscale_tkn_', 'pscale_oauth_', 'pscale_pw_'), // PlanetScale
  ...formats(HEX, 40, 'pul-'), // Pulumi
  ...formats(HEX, 60, 'sntryu_'), // Sentry
  ...formats(DOTTED, 40, 'sntrys_'),
  ...formats(BASE64URL, 22, 'sq0atp-', 'sq0csp-'), // Square
  ...formats(BASE64URL, 32, 'glsa_', 'glc_'), // Grafana
  ...formats(BASE62, 25, 'NRAK-'), // New Relic
  ...formats(DOTTED, 100, 'ops_eyJ'), // 1Password
};

/** Characters that each of the beginnings has, and few texts: what is looked for, whatever the number of formats. */
const HINGES = ['_', '-', '.', 'A'] as const;

interface Beginning {
  readonly prefix: string;
  /** Where in it the hinge is. */
  readonly offset: number;
}

/** Tokens of known issuers whose beginnings have their first hinge in common. */
class HingedTokens implements Detector {
  /** By the character in front of the hinge; of two that begin alike, the longest comes first. */
  private readonly beginnings = new Map<number, Beginning[]>();

  constructor(private readonly hinge: string) {
    const prefixes = Object.keys(FORMATS).toSorted((one, other) => other.length - one.length);
    for (const prefix of prefixes.filter((candidate) => hingeOf(candidate) === hinge)) {
      const offset = prefix.indexOf(hinge);
      const before = offset === 0 ? ANYTHING : prefix.charCodeAt(offset - 1);
      this.beginnings.set(before, [...(this.beginnings.get(before) ?? []), { prefix, offset }]);
    }
  }

  next(text: string, from: number): number {
    for (let at = text.indexOf(this.hinge, from); at >= 0; at = text.indexOf(this.hinge, at + 1)) {
      const start = at - (this.beginningAt(text, at)?.offset ?? Number.NaN);
      if (start >= from) return start;
    }
    return NOWHERE;
  }

  find(text: string, at: number, isCut: boolean): Span {
    const { prefix } = this.beginningAt(text, text.indexOf(this.hinge, at))!;
    const [characters, shortest] = FORMATS[prefix]!;
    const body = at + prefix.length;
    // Within a word it is a part of that: `task-…` has `sk-`.
    if (startsInside(text, at)) return falseAlarm(at, body);
    const end = characters.endOf(text, body);
    const isSecret = end - body >= shortest || (isCut && end === text.length);
    return isSecret ? secret(at, withoutFullStop(text, end)) : falseAlarm(at, body);
  }

  private beginningAt(text: string, at: number): Beginning | undefined {
    const here = this.beginnings.get(text.charCodeAt(at - 1)) ?? this.beginnings.get(ANYTHING);
    return here?.find(({ prefix, offset }) => text.startsWith(prefix, at - offset));
  }
}

/** Where the hinge is the first character. */
const ANYTHING = -1;

/** Tokens of known issuers. */
export function tokenFormats(): Detector[] {
  return HINGES.map((hinge) => new HingedTokens(hinge));
}

/** The first of them in a prefix; punctuation counts more than the letter, which texts have as well. */
function hingeOf(prefix: string): string {
  const punctuation = /[_.-]/.exec(prefix)?.[0];
  return punctuation ?? 'A';
}

function startsInside(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return WORD.has(before) && text[at - 1] !== '_';
}

function withoutFullStop(text: string, end: number): number {
  return text[end - 1] === '.' ? end - 1 : end;
}

function formats(characters: CharacterClass, shortest: number, ...prefixes: string[]): Record<string, Body> {
  return Object.fromEntries(prefixes.map((prefix) => [prefix, [characters, shortest] as const]));
}
