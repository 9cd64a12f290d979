/** The key that goes to a list's filter. */
import { useEffect } from 'react';

/** Calls back for `/` outside of a field. */
export function useSlashKey(onSlash: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const writes =
        target instanceof HTMLElement && target.closest('input, textarea, select, [role="dialog"]');
      if (event.key !== '/' || event.metaKey || event.ctrlKey || event.altKey || writes) return;
      event.preventDefault();
      onSlash();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onSlash]);
}
