/** Walking through the rows of a table with the arrow keys. */
import type { KeyboardEvent } from 'react';

/** Up and down go from row to row, to the element of each that carries `data-row`. Put it on the table. */
export function walkRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  if (!(event.target instanceof Element) || event.target.closest('[role="menu"], input')) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const row = event.target.closest('[role="row"]');
  const index = links.findIndex((link) => link.closest('[role="row"]') === row);
  const next = links[index + (event.key === 'ArrowDown' ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
