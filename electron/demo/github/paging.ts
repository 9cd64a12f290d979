/** Pages of a list as GitHub gives them: `per_page` up to 100, `page`, and the `Link` header. */
import type { Exchange } from './http.ts';

export interface Page<Item> {
  items: Item[];
  total: number;
  headers: Record<string, string>;
}

function positive(text: string | null, fallback: number): number {
  const value = Number.parseInt(text ?? '', 10);
  return Number.isFinite(value) && value > 0 ? value : fallback;
}

/** Cuts the page that the request asks for out of the whole list. */
export function pageOf<Item>(exchange: Exchange, all: readonly Item[], defaultPerPage = 30): Page<Item> {
  const perPage = Math.min(100, positive(exchange.query.get('per_page'), defaultPerPage));
  const page = positive(exchange.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const urlOf = (number: number) => {
    const query = new URLSearchParams(exchange.query);
    query.set('page', String(number));
    return `<${exchange.addresses.api}${exchange.path}?${query}>`;
  };
  const links = [
    ...(page > 1 ? [`${urlOf(Math.min(page - 1, last))}; rel="prev"`] : []),
    ...(page < last ? [`${urlOf(page + 1)}; rel="next"`, `${urlOf(last)}; rel="last"`] : []),
    ...(page > 1 ? [`${urlOf(1)}; rel="first"`] : []),
  ];
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    total: all.length,
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  };
}
