/** The keys that go to the search of a log: `/`, and what browsers find with, for they see the lines in view only. */
import { type RefObject, useCallback, useEffect } from 'react';
import { useSlashKey } from '../use-slash-key.ts';

export function useFindKeys(input: RefObject<HTMLInputElement | null>): void {
  const focus = useCallback(() => {
    input.current?.focus();
    input.current?.select();
  }, [input]);
  useSlashKey(focus);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey)) return;
      if (event.shiftKey || event.altKey || document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [focus]);
}
