/** Without control characters: what somebody got logged must not move the cursor or recolour the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

export function truncate(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** Breaks a text at spaces; a word that is longer than a line is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = truncate(word, width);
  }
  return [...lines, line];
}
