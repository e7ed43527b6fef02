/** 127.0.0.0/8 and ::1, also as IPv4 mapped into IPv6 (RFC 6890). */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (!address) return false;
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  return plain === '::1' || /^127(?:\.\d{1,3}){3}$/.test(plain);
}

/** Whether a `Host` header names this machine: a loopback address, `localhost` or a name below it (RFC 6761). */
export function isLoopbackHost(host: string | undefined): boolean {
  if (!host || !URL.canParse(`http://${host}`)) return false;
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '');
  return isLoopbackAddress(name) || name === 'localhost' || name.endsWith('.localhost');
}
