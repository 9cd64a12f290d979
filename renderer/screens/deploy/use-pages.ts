/** Which page of the wizard is shown; the focus follows to its heading. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type StepId, steps } from './draft.ts';

export interface Pages {
  page: StepId;
  /** Index of the furthest page seen. */
  reached: number;
  /** Give it to the page's heading. */
  heading: RefObject<HTMLHeadingElement | null>;
  go: (page: StepId) => void;
}

export function usePages(first: StepId): Pages {
  const [page, setPage] = useState<StepId>(first);
  const [reached, setReached] = useState(steps.indexOf(first));
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    heading.current?.focus();
  }, [page]);
  return {
    page,
    reached,
    heading,
    go: (target) => {
      setPage(target);
      setReached((furthest) => Math.max(furthest, steps.indexOf(target)));
    },
  };
}
