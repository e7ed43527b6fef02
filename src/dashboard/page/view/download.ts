/** Hands the browser a file to save. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read by then; what is never revoked stays in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
