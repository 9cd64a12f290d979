// biome-ignore-all lint/a11y/noNoninteractiveElementToInteractiveRole: a list box is a list, and the field keeps the focus
// biome-ignore-all lint/a11y/useFocusableInteractive: the field keeps the focus and names the current row
/** Find and do: go anywhere and start anything from the keyboard. */
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react';
import { Kbd } from '../components/kbd.tsx';
import { navigate } from '../router.ts';
import { usePoolActions } from '../screens/pools/use-pool-actions.ts';
import { openDialog } from '../store/dialogs.ts';
import { useBoard } from '../store/session.ts';
import { themes, useTheme } from '../store/theme.ts';
import styles from './command-palette.module.css';
import { matchCommands, type PaletteCommand, paletteCommands } from './palette-commands.ts';

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const runners = useBoard((board) => board.runners);
  const repositories = useBoard((board) => board.repositories);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [theme, setTheme] = useTheme();
  const actions = usePoolActions();
  const listId = useId();
  const pools = useBoard((board) => board.pools);
  const waits = useBoard((board) => board.waits);
  const found = useMemo(
    () => matchCommands(paletteCommands({ runners, repositories, pools, waits }), query),
    [runners, repositories, pools, waits, query],
  );
  const current = Math.min(at, found.length - 1);
  useEffect(() => {
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [listId, current]);
  const run = ({ target }: PaletteCommand): void => {
    onClose();
    if (target.kind === 'place') navigate(target.path);
    else if (target.kind === 'dialog') openDialog(target.dialog);
    else if (target.kind === 'theme')
      setTheme(themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system');
    else actOnPool(target.poolId, target.deed);
  };
  const actOnPool = (poolId: string, deed: 'pause' | 'resume' | 'start-one'): void => {
    const pool = pools[poolId];
    if (pool === undefined) return;
    if (deed === 'pause') void actions.pause(pool);
    else if (deed === 'resume') void actions.resume(pool);
    else void actions.startOne(pool);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = found[current];
    if (event.key === 'Enter' && command) {
      event.preventDefault();
      run(command);
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    if (found.length > 0)
      setAt((current + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} aria-label="Find and do">
          <div className={styles.field}>
            <Search aria-hidden="true" />
            <input
              className={styles.input}
              role="combobox"
              aria-label="Find a place, a runner, something to do"
              aria-expanded="true"
              aria-controls={listId}
              aria-autocomplete="list"
              aria-activedescendant={found[current] ? `${listId}-${current}` : undefined}
              placeholder="Where to, or what to do?"
              autoComplete="off"
              spellCheck={false}
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
            />
            <Kbd>Esc</Kbd>
          </div>
          <ul className={styles.list} id={listId} role="listbox" aria-label="What was found">
            {found.map((command, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes all keys
              <li
                key={command.id}
                id={`${listId}-${index}`}
                className={styles.row}
                role="option"
                aria-selected={index === current}
                onClick={() => run(command)}
                onPointerMove={() => setAt(index)}
              >
                <span className={styles.title}>{command.title}</span>
                <span className={styles.hint}>{command.hint}</span>
              </li>
            ))}
          </ul>
          {found.length === 0 && (
            <p className={styles.none} role="status">
              Nothing has that name.
            </p>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
