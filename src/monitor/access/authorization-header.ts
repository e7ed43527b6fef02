import { type IncomingMessage } from 'node:http';

/** @returns the credential of an `Authorization` header of this scheme, whose name has no case (RFC 9110, 11.1) */
export function authorizationHeader({ headers }: IncomingMessage, scheme: string): string | undefined {
  const [given, credential, ...rest] = headers.authorization?.trim().split(/ +/) ?? [];
  return given?.toLowerCase() === scheme && rest.length === 0 ? credential : undefined;
}
