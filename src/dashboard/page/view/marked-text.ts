/** Where a text is marked in a list; `undefined` when none is. */
export function markedRange(list: Element): Range | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  return range.intersectsNode(list) ? range : undefined;
}

/** The row around a node, in a list. */
export function rowAround(list: Element, node: Node | null): HTMLElement | undefined {
  const element = node instanceof Element ? node : node?.parentElement;
  const row = element?.closest<HTMLElement>('.row');
  return row && list.contains(row) ? row : undefined;
}

/**
 * What is marked, one line a row. A browser would put each cell on a line of its own, and leave out what is not in
 * view.
 *
 * @param between the lines of the rows between two, by their places in the list
 */
export function markedText(
  list: Element,
  range: Range,
  between: (from: number, to: number) => readonly string[],
): string {
  const touched = [...list.querySelectorAll<HTMLElement>('.row')].filter((row) => range.intersectsNode(row));
  const [first, last] = [touched[0], touched.at(-1)];
  if (!first || !last) return '';
  if (first === last) return partOf(range, first);
  const middle = between(Number(first.dataset['index']) + 1, Number(last.dataset['index']));
  return [partOf(range, first), ...middle, partOf(range, last)].filter((line) => line !== '').join('\n');
}

function partOf(range: Range, row: HTMLElement): string {
  const part = document.createRange();
  part.selectNodeContents(row);
  if (row.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
  if (row.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
  const content = part.cloneContents();
  if (part.commonAncestorContainer !== row) return content.textContent;
  return [...content.children]
    .map(({ textContent }) => textContent)
    .filter((text) => text !== '')
    .join(' ');
}
