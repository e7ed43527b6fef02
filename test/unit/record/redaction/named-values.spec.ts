import { describe, expect, it } from 'vitest';
import { Replacement } from '../../../../src/record/redaction/replacement.js';
import { SecretKeys } from '../../../../src/record/redaction/secret-keys.js';
import { SecretTexts } from '../../../../src/record/redaction/secret-texts.js';

const LIMIT = 32_768;
const X = '[REDACTED]';
const texts = new SecretTexts(new Replacement({ censor: X, hash: undefined }));
const clean = (text: string): string => texts.clean(text, LIMIT);

describe('behind its name in a text, hidden is', () => {
  it.each<[string, string, string]>([
    ['a parameter of an address', 'GET /cb?access_token=abc&x=1 200', `GET /cb?access_token=${X}&x=1 200`],
    ['one in brackets', 'user[password]=hunter2&a=1', `user[password]=${X}&a=1`],
    ['one of a signed address', '/f?X-Amz-Signature=abc&a=1', `/f?X-Amz-Signature=${X}&a=1`],
    ['a field of JSON', '{"password":"hun\\"ter2","a":1}', `{"password":"${X}","a":1}`],
    ['one that is no text', '{"pin":1234,"a":{"cvv":123}}', `{"pin":"${X}","a":{"cvv":"${X}"}}`],
    ['one that is an object', '{"credentials":{"u":"}","p":["b"]},"c":1}', `{"credentials":"${X}","c":1}`],
    ['a field of JSON in JSON', String.raw`{"data":"{\"token\":\"abc\",\"a\":1}"}`, String.raw`{"data":"{\"token\":\"[REDACTED]\",\"a\":1}"}`],
    ['a cookie', 'Set-Cookie: sid=abc; Path=/\r\nX: 1', `Set-Cookie: ${X}\r\nX: 1`],
    ['each cookie of a raw head', 'GET / HTTP/1.1\r\nCookie: a=b; c=d\r\nHost: x', `GET / HTTP/1.1\r\nCookie: ${X}\r\nHost: x`],
    ['the same as JSON writes it', String.raw`"GET /\r\nCookie: a=b\r\nHost: x"`, String.raw`"GET /\r\nCookie: [REDACTED]\r\nHost: x"`],
    ['cookies behind an equals sign', 'cookie=a=b; c=d user=7', `cookie=${X} user=7`],
    ['a header', 'X-Api-Key: abc123\nHost: x', `X-Api-Key: ${X}\nHost: x`],
    ['credentials of any scheme', 'Authorization: Token abc def', `Authorization: Token ${X}`],
    ['those in several parts', 'Authorization: Digest username="x", response="y"\nHost: z', `Authorization: Digest ${X}\nHost: z`],
    ['a header in a list', "['Host', 'x', 'Cookie', 'sid=abc']", `['Host', 'x', 'Cookie', '${X}']`],
    ['what inspect prints', "{ password: 'hunter2', token: 12 }", `{ password: '${X}', token: ${X} }`],
    ['what inspect prints of a map', "Map(1) { 'password' => 'hunter2' }", `Map(1) { 'password' => '${X}' }`],
    ['what inspect prints of a client', "auth: 'user:pass', agent: 1", `auth: '${X}', agent: 1`],
    ['a JDBC string', 'jdbc:postgresql://h:5432/d?user=u&password=p@s,s', `jdbc:postgresql://h:5432/d?user=u&password=${X}`],
    ['an ADO string', 'Server=x;User Id=sa;Password=p@ss;Encrypt=true', `Server=x;User Id=sa;Password=${X};Encrypt=true`],
    ['an ADO string with quotes', 'Server=x;Pwd="p;ss";Encrypt=true', `Server=x;Pwd="${X}";Encrypt=true`],
    ['a setting of the environment', 'MYSQL_ROOT_PASSWORD=hunter2 node x', `MYSQL_ROOT_PASSWORD=${X} node x`],
    ['one of several parts', 'spring.datasource.password=x1', `spring.datasource.password=${X}`],
    ['one of a command', 'Command failed: mysql --password hunter2 -u x', `Command failed: mysql --password ${X} -u x`],
    ['one of a command, in one word', 'mysql --password=hunter2 -u x', `mysql --password=${X} -u x`],
    ['an element of XML', '<a><password>hunter2</password></a>', `<a><password>${X}</password></a>`],
    ['a detail of Postgres', 'Key (reset_token)=(abc) already exists.', `Key (reset_token)=${X} already exists.`],
    ['a value in logfmt', 'level=info password=hunter2 user=bob', `level=info password=${X} user=bob`],
    ['one before a comma', 'User{password=abc, name=bob}', `User{password=${X}, name=bob}`],
    ['one with a sign in it', "password: hunter2!$&', next", `password: ${X}&', next`],
    ['one of Rust', 'url: Url { user: "u", password: Some("hun)ter2"), port: 1 }', `url: Url { user: "u", password: ${X}, port: 1 }`],
    ['one of Ruby', '"password"=>"hunter2"', `"password"=>"${X}"`],
    ['a private key, whole', 'private_key=-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY----- x', `private_key=${X} x`],
    ['a token with its scheme', 'token: Bearer abcdef123 x', `token: ${X} x`],
    ['one without an end', '{"password":"hunter2', `{"password":"${X}`],
    ['new and old', 'new_password=a&confirmPassword=b', `new_password=${X}&confirmPassword=${X}`],
    ['the cookie of express-session', 'connect.sid=s%3Aabc.def; a=b', `connect.sid=${X}; a=b`],
  ])('%s', (_what, text, expected) => {
    expect(clean(text)).toBe(expected);
    expect(clean(expected)).toBe(expected);
  }); // prettier-ignore

  it('what the option `keys` names, and no more when the defaults are off', () => {
    const own = new SecretTexts(new Replacement({ censor: X, hash: undefined }), new SecretKeys(['iban']));
    expect(own.clean('iban=DE1 password=p', LIMIT)).toBe(`iban=${X} password=p`);
  });
});

describe('behind such a name, left alone is', () => {
  it.each([
    'password: must be at least 8 characters',
    'password: required',
    'token=null, secret=undefined, password=true',
    'token: jwt malformed',
    'Invalid token: unexpected end of input',
    'Failed to parse cookie: malformed',
    'authorization: denied',
    'secret: rotation of all keys done',
    '{"token":null,"password":true}',
    'auth=basic, auth: none',
    'missing: ["password","token"]',
    'password="" token=',
    'token_count=12 tokens: 12 next_token=abc',
    'took 12:30:45, http://localhost:3000/token',
    'password is not shown, the token was sent',
  ])('%s', (text) => expect(clean(text)).toBe(text));
});
