/** Whether who reads what is written simply has enough, as `head`: a pipe breaks; a socket, as Node gives its children, is reset. */
export function isReaderGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET';
}
